// Command factorial writes the factorial of a number into a file, in hexadecimal digits. It
// can move from host to host while it works (docs/process.md).
package main

import (
	"fmt"
	"log"
	"math/big"
	"strconv"

	"parley/hostagent/process/coop"
)

func main() {
	log.SetFlags(0)
	p, err := coop.Join("factorial")
	if err != nil {
		log.Fatal(err)
	}
	if len(p.Args()) != 2 {
		log.Fatal("usage: factorial NUMBER OUTPUT")
	}
	n, err := strconv.Atoi(p.Args()[0])
	if err != nil {
		log.Fatal(err)
	}
	if err := factorial(p, n, p.Args()[1]); err != nil {
		log.Fatal(err)
	}
}

func factorial(p *coop.Process, n int, output string) error {
	product, factor := big.NewInt(1), 1
	if err := p.Carry("product", product); err != nil {
		return err
	}
	if err := p.Carry("factor", &factor); err != nil {
		return err
	}
	for ; factor <= n; factor++ {
		p.Progress(float64(factor) / float64(n))
		p.Point()
		product.Mul(product, big.NewInt(int64(factor)))
	}
	out, err := p.Output(output)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "%x\n", product); err != nil {
		return err
	}
	return p.Done(0)
}
