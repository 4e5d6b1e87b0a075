package report

import (
	"fmt"
	"image/color"
	"math"
)

// The scale of load has one colour for off, then steps of 2.5 % up to full, then
// steps of 5 % above it. Few colours keep the pictures small, and a script can
// tell from a colour which step it is.
const (
	stepsWithin = 40
	stepsAbove  = 10
	fullLoad    = 1 + 1e-6 // demand that equals capacity may not come out as 1 exactly
)

// within and above are the anchors of the scale: viridis up to full load, which
// is as even for the colour-blind as for others, then reds, which it does not
// have. A test holds that the two stay apart for the colour-blind.
var (
	within = []color.NRGBA{
		rgb(0x440154), rgb(0x482878), rgb(0x3e4989), rgb(0x31688e), rgb(0x26828e),
		rgb(0x1f9e89), rgb(0x35b779), rgb(0x6ece58), rgb(0xb5de2b), rgb(0xfde725),
	}
	above = []color.NRGBA{rgb(0xff6a3d), rgb(0xe31a1c), rgb(0xb3001b)}
)

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 255}
}

// level is the step of a load: 0 is off.
func level(load float64) uint8 {
	switch {
	case math.IsNaN(load) || load < 0:
		return 0
	case load <= fullLoad:
		return uint8(1 + min(stepsWithin-1, int(load*stepsWithin)))
	}
	return uint8(1 + stepsWithin + int(min(stepsAbove-1, (load-1)*20)))
}

// levelText says what a step stands for.
func levelText(step int) string {
	switch {
	case step == 0:
		return "off"
	case step <= stepsWithin:
		return fmt.Sprintf("%s to %s %%", number(2.5*float64(step-1), 1), number(2.5*float64(step), 1))
	case step == stepsWithin+stepsAbove:
		return "145 % or more"
	}
	return fmt.Sprintf("%d to %d %%", 100+5*(step-stepsWithin-1), 100+5*(step-stepsWithin))
}

// palette is the colour of each step; off is transparent, so that the page shows.
func palette() color.Palette {
	colours := color.Palette{color.NRGBA{}}
	for i := range stepsWithin {
		colours = append(colours, between(within, float64(i)/(stepsWithin-1)))
	}
	for i := range stepsAbove {
		colours = append(colours, between(above, float64(i)/(stepsAbove-1)))
	}
	return colours
}

// between is the colour at a share of the way along the anchors.
func between(anchors []color.NRGBA, at float64) color.NRGBA {
	at *= float64(len(anchors) - 1)
	i := min(int(at), len(anchors)-2)
	part := at - float64(i)
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + part*(float64(b)-float64(a)))) }
	a, b := anchors[i], anchors[i+1]
	return color.NRGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}
