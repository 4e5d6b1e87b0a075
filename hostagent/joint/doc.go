// Package joint makes one platform of several, each for guests of other kinds: libvirt
// for virtual machines, others for containers and processes. The host looks at all of
// them at once, has one capacity, and every call about a guest goes to the platform that
// shows it.
//
// A part that cannot be looked at hides no guest of another part, and its own guests are
// not taken for gone: their kinds are in Observation.Unseen.
//
// The joint platform is a hostagent.Carrier for those of its parts that are. The first
// bytes of each connection name the kind of guest that it is for: Arrive reads them, so
// a connection that is dialled here arrives at the part of the same kind there.
package joint
