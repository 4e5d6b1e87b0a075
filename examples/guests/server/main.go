//go:build linux

// Command server is what runs in the containers of the laboratory of guests: it answers
// what comes over its connections, writes to its memory, and adds a line to a file of its
// volume every 10 ms.
package main

import (
	"fmt"
	"log"
	"net"
	"os"
	"strconv"
	"time"
)

const page = 4096

func main() {
	if len(os.Args) != 4 {
		log.Fatal("server PORT MEBIBYTES FILE")
	}
	mebibytes, err := strconv.Atoi(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	memory := make([]byte, mebibytes<<20)
	for n := range memory {
		memory[n] = byte(n * 7)
	}
	file, err := os.OpenFile(os.Args[3], os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp4", ":"+os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	go serve(listener)
	for line := 1; ; line++ {
		if _, err := fmt.Fprintln(file, line); err != nil {
			log.Fatal(err)
		}
		for n := range 10 {
			memory[((line*10+n)*page)%len(memory)]++
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func serve(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go func() {
			defer conn.Close()
			buffer := make([]byte, page)
			for {
				n, err := conn.Read(buffer)
				if err != nil {
					return
				}
				if _, err := conn.Write(buffer[:n]); err != nil {
					return
				}
			}
		}()
	}
}
