package hostagent

// A machine keeps 1 GiB plus 5 % of its memory for itself, at most 8 GiB: XenServer's default for
// its control domain, which runs what runs on a host here (docs.xenserver.com, "Memory usage"). A
// small machine keeps at most half.
const (
	reserveBase  = 1 << 30
	reserveParts = 20 // 1/reserveParts of the memory
	reserveMost  = 8 << 30
)

// DefaultReserve is what a machine with total bytes of memory keeps for itself.
func DefaultReserve(total int64) int64 {
	return min(reserveBase+total/reserveParts, reserveMost, total/2)
}

// DivideMemory divides a machine's memory into what guests may use and what the machine keeps
// for itself: reserve, or the default for nil.
func DivideMemory(total int64, reserve *int64) (guests, kept int64) {
	kept = DefaultReserve(total)
	if reserve != nil {
		kept = min(*reserve, total)
	}
	return total - kept, kept
}
