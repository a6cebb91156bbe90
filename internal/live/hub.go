// Package live tells open pages in this process that something changed.
package live

import "sync"

// Hub passes on who punched, company by company. The zero Hub is ready, and
// safe for concurrent use.
type Hub struct {
	mu   sync.Mutex
	subs map[string]map[chan string]struct{}

	closed bool
}

// Publish tells company's subscribers that username's day changed. A
// subscriber that is far behind misses it: it has a whole board to ask for.
func (h *Hub) Publish(company, username string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for ch := range h.subs[company] {
		select {
		case ch <- username:
		default:
		}
	}
}

// Close closes every subscription's channel, and those of later ones at once.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for _, subs := range h.subs {
		for ch := range subs {
			close(ch)
		}
	}
	h.subs = nil
}

// Subscribe returns a channel of usernames, and what ends it. The channel is
// closed when the hub is.
func (h *Hub) Subscribe(company string) (<-chan string, func()) {
	ch := make(chan string, 64)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		close(ch)
		return ch, func() {}
	}
	if h.subs == nil {
		h.subs = map[string]map[chan string]struct{}{}
	}
	if h.subs[company] == nil {
		h.subs[company] = map[chan string]struct{}{}
	}
	h.subs[company][ch] = struct{}{}
	return ch, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.subs[company], ch)
		if len(h.subs[company]) == 0 {
			delete(h.subs, company)
		}
	}
}
