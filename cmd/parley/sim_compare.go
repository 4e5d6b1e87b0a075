package main

import "github.com/spf13/cobra"

func newSimCompare() *cobra.Command { return &cobra.Command{Use: "compare", Hidden: true} }
