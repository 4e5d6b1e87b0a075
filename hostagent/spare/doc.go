// Package spare says whether the hosts of a group have, together, room for the guests of
// hosts that fail, and which host would take which guest. It reads no clock and knows no
// network: what each host has left and what its guests need is handed in.
//
// Finding a place for each guest is bin packing with rules. The guests are placed in a few
// fixed orders and ways; where all of these leave a guest without a place, a bounded search
// tries more. So a plan that places all guests is right; one that does not may, for many
// guests that barely fit, miss a plan that exists: room then counts as missing although a
// longer search would find it.
package spare
