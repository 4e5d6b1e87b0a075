// Package hours has the times of day at which the policies of a host may move guests: an
// operator names windows by cron schedules, and a Plan says of any moment whether it is
// inside one. It reads no clock: moments are handed in.
package hours
