package sim

func (s *site) planTrouble() error { return nil }
