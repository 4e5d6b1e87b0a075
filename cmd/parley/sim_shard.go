package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"parley/sim/compare"
)

// sharding are the flags of sim compare for machines that share the work.
type sharding struct {
	shard, out string
	courses    bool
}

const (
	shardFlag   = "shard"
	outFlag     = "out"
	coursesFlag = "courses"
)

func (o *sharding) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.shard, shardFlag, "", "run this part of the seeds only, I/N; needs --out")
	cmd.Flags().StringVar(&o.out, outFlag, "", "with --shard: keep each finished run in this directory, for sim merge")
	cmd.Flags().BoolVar(&o.courses, coursesFlag, false, "with --shard: keep the load of each host at each tick too, for --series of sim merge")
}

// read reads the shard, and refuses what only the whole comparison can have.
func (o *sharding) read(cmd *cobra.Command) (compare.Shard, error) {
	if o.shard == "" {
		for _, flag := range []string{outFlag, coursesFlag} {
			if cmd.Flags().Changed(flag) {
				return compare.Shard{}, fmt.Errorf("--%s goes with --%s I/N, such as --%s 3/16", flag, shardFlag, shardFlag)
			}
		}
		return compare.Shard{}, nil
	}
	s, err := compare.ParseShard(o.shard)
	if err != nil {
		return s, fmt.Errorf("--%s: %w", shardFlag, err)
	}
	if o.out == "" {
		return s, errors.New("--shard needs --out DIR, where it keeps the finished runs")
	}
	for _, flag := range []string{"csv", "json", "html", "series"} {
		if cmd.Flags().Changed(flag) {
			return s, fmt.Errorf("--%s is of all shards: give it to `parley sim merge %s`", flag, quoted(o.out))
		}
	}
	if cmd.Flags().Changed("keep") {
		return s, fmt.Errorf("--keep: --shard keeps the finished runs in --out %s already", quoted(o.out))
	}
	return s, nil
}
