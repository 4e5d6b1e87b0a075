package main

// Why no test runs a command of a page.
const (
	elsewhere     = "the tests of models and examples run the same files"
	needsData     = "the data are not ours to give"
	needsMinutes  = "it takes minutes; TestScripts does the same with small sites"
	needsPackage  = "it reads /etc/parley of a host with the package; TestOwnSite runs it"
	needsPrograms = "a site of `parley up` has no programs; testdata/script/process.txtar runs these verbs on hosts that have"
	needsReader   = "it reads files of the reader"
	needsCtrlC    = "it runs until Ctrl-C; a test of the verb ends it"
)

// notRun are the commands of pages that no test runs, by page, and why.
var notRun = map[string]map[string]string{
	"README.md": {
		"parley demo --policy power_saving":                needsMinutes,
		"parley demo --hosts 30 --guests 200 --seed 7":     needsMinutes,
		"parley demo --policy mine.lcc":                    needsMinutes,
		"parley sim run examples/scenarios/hot_spots.yaml": needsMinutes,
		"parley sim compare examples/scenarios/hot_spots.yaml --policy none,agility,vickrey --seeds 5 --html hot_spots.html": needsMinutes,
		"parley sim explain examples/scenarios/hot_spots.yaml guest001":                                                      needsMinutes,
		"parley agent --print-id": needsPackage,
		"parley doctor":           needsPackage,
	},
	"docs/process.md": {
		"parley process run --name nightly --priority -10 /opt/jobs/render.py /data/film /data/out": needsPrograms,
		"parley process ps":              needsPrograms,
		"parley migrate nightly h2":      needsPrograms,
		"parley process suspend nightly": needsPrograms,
		"parley process resume nightly":  needsPrograms,
		"parley process stop nightly":    needsPrograms,
		"parley process run --network br0 --address 10.0.0.5/24 --gateway 10.0.0.1 /opt/zone": needsPrograms,
	},
	"docs/prove.md": {
		"parley prove agility": needsMinutes,
		"parley prove mine.lcc --hosts 2,3 --guests 3,4 --out found.yaml": needsReader,
		"parley sim run found.yaml":                                       needsReader,
	},
	"docs/scenarios.md": {
		"parley sim run examples/scenarios/hot_spots.yaml":                                                                     needsMinutes,
		"parley sim run examples/scenarios/hot_spots.yaml --policy none --seed 7":                                              needsMinutes,
		"parley sim compare examples/scenarios/hot_spots.yaml --policy none,agility --seeds 100 --keep runs.jsonl":             needsMinutes,
		"parley sim tune examples/scenarios/hot_spots.yaml agility --vary gap=0.05:0.5 --vary patience=1:60 --html front.html": needsMinutes,
		"parley sim compare site.yaml --policy none,agility --seeds 400 --shard 3/16 --out sweep":                              needsReader,
		"parley sim merge sweep --html page.html --csv runs.csv":                                                               needsReader,
		"parley sim run examples/scenarios/hot_spots.yaml --policy agility --web":                                              needsCtrlC,
		"tar czf ~/traces/planetlab-20110303.tar.gz -C .../workload/planetlab 20110303":                                        needsData,
		"parley sim run examples/scenarios/planetlab.yaml":                                                                     needsData,
	},
	"docs/testing.md": {
		"parley test --watch models/shop": needsCtrlC,
		"parley test models examples":     elsewhere,
	},
}
