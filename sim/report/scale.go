package report

import (
	"fmt"
	"image/color"
	"math"
)

// The scale of load has one colour for off, steps of 2.5 % up to full load, and steps
// of 5 % above it. Few colours keep the pictures small, and let a script map a colour
// back to its step.
const (
	stepsWithin = 40
	stepsAbove  = 10
	fullLoad    = 1 + 1e-6 // tolerance for demand that equals capacity
)

// within and above are the anchors of the scale: viridis up to full load, which is
// uniform for the colour-blind too, then reds, which viridis lacks. A test checks that
// the colour-blind can distinguish the two.
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

// levelText describes a step.
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

// palette has the colour of each step; off is transparent.
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

// between interpolates a colour along the anchors, at a share from 0 to 1.
func between(anchors []color.NRGBA, at float64) color.NRGBA {
	at *= float64(len(anchors) - 1)
	i := min(int(at), len(anchors)-2)
	part := at - float64(i)
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + part*(float64(b)-float64(a)))) }
	a, b := anchors[i], anchors[i+1]
	return color.NRGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}
