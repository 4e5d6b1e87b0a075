package compare

// MessagesMost is how many messages a host and hour no policy needs: a quarter more than
// the most that any shipped policy sends on any site of docs/results.md. That is seed, the
// protocol of the talk, on the site where every host is overloaded; of those that are meant
// for use contract_net sends the most, 740.
const MessagesMost = 1500

// Storms says whether a policy sends so many messages that something sends them without a
// pause.
func (r Result) Storms() bool { return r.Site.Figures.PerHostHour > MessagesMost }
