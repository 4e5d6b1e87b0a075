package gate

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	"parley/models/publish/repository"
	"parley/sim/modeltest"
)

// runTests runs all tests below the directory of a policy.
func runTests(p repository.Policy, at *Policy, from modeltest.Sources) (*Refusal, error) {
	files, err := testsBelow(p.Dir)
	if err != nil {
		return nil, err
	}
	passed := []modeltest.Result{}
	for _, file := range files {
		data, err := from.Read(file)
		if err != nil {
			return nil, err
		}
		test, err := modeltest.Load(file, data, from)
		var problem *modeltest.Problem
		if errors.As(err, &problem) && problem.Misfit {
			return &Refusal{Policy: p.Name, Code: TestFailed, Err: err}, nil // as of a message that the model no longer has
		}
		if err != nil {
			return nil, err
		}
		result := test.Run()
		if !result.Passed() {
			return &Refusal{Policy: p.Name, Code: TestFailed, Test: &result}, nil
		}
		passed = append(passed, result)
	}
	at.Tests = passed
	return nil, nil
}

func testsBelow(dir string) (files []string, err error) {
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && strings.HasSuffix(path, ".txtar") {
			files = append(files, path)
		}
		return err
	})
	return files, err
}
