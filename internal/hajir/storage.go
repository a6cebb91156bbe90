package hajir

import "time"

// storageAgain is when to try again after storage failed: somebody has to do
// something first.
const storageAgain = 30 * time.Second

// StorageFullError returns an error that says that what should be stored has no
// room.
func StorageFullError(cause error) *Error {
	return &Error{
		Code: StorageFull, Cause: cause, RetryAfter: storageAgain,
		Message: "the server's disk is full, so nothing was recorded; whoever operates the server has to free some space",
	}
}

// StorageFailedError returns an error that says that records or pictures cannot
// be written, or not be read.
func StorageFailedError(cause error) *Error {
	return &Error{
		Code: StorageFailed, Cause: cause, RetryAfter: storageAgain,
		Message: "the server cannot read or write its records at the moment, so nothing was recorded; whoever operates it finds out why with hajir doctor",
	}
}

// Fault says whether err is nobody's but ours: the program's, or of the place
// where things are kept. What was asked for may then have been done or not.
func Fault(err error) bool {
	switch CodeOf(err) { //nolint:exhaustive // all others are answers
	case Internal, StorageFull, StorageFailed:
		return err != nil
	}
	return false
}
