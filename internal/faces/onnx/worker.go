package onnx

import (
	"context"
	"errors"
	"sync"

	"hajir/internal/hajir"
	"hajir/internal/imaging"
)

// worker has what one goroutine needs to work on a picture: tensors and buffers
// that are used again for the next one.
type worker struct {
	detect, landmark *tensors
	embed            map[*network]*tensors // made when they are first needed
	fitted           [2]int                // width and height of the picture in detect's input
	boxes            []box
	straight         []float32 // the embedding before the mirror's
	eye, live        *tensors
	grey             imaging.Tensor // the aligned face, for measuring
}

func (r *Recognizer) newWorker() (_ *worker, err error) {
	w := &worker{embed: map[*network]*tensors{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.destroy())
		}
	}()
	if w.detect, err = r.detector.newTensors(); err != nil {
		return nil, err
	}
	if w.landmark, err = r.landmarks.newTensors(); err != nil {
		return nil, err
	}
	if w.eye, err = r.eyes.newTensors(); err != nil {
		return nil, err
	}
	if w.live, err = r.liveness.newTensors(); err != nil {
		return nil, err
	}
	w.grey = newGrey()
	return w, nil
}

func (w *worker) destroy() error {
	errs := []error{w.detect.destroy(), w.landmark.destroy(), w.eye.destroy(), w.live.destroy()}
	for _, t := range w.embed {
		errs = append(errs, t.destroy())
	}
	return errors.Join(errs...)
}

// tensorsOf returns the tensors of an embedding model.
func (w *worker) tensorsOf(n *network) (*tensors, error) {
	if t := w.embed[n]; t != nil {
		return t, nil
	}
	t, err := n.newTensors()
	if err == nil {
		w.embed[n] = t
	}
	return t, err
}

// pool hands out at most cap(busy) workers, made when they are first needed.
type pool struct {
	busy   chan struct{} // a token for each worker that is out
	closed chan struct{}
	make   func() (*worker, error)

	mu   sync.Mutex
	idle []*worker
}

func newPool(size int, newWorker func() (*worker, error)) *pool {
	return &pool{busy: make(chan struct{}, size), closed: make(chan struct{}), make: newWorker}
}

// acquire waits for a worker until ctx is done. The caller releases it.
func (p *pool) acquire(ctx context.Context) (*worker, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case p.busy <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.closed:
		return nil, errClosed()
	}
	select {
	case <-p.closed: // both were ready
		<-p.busy
		return nil, errClosed()
	default:
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.idle); n > 0 {
		w := p.idle[n-1]
		p.idle = p.idle[:n-1]
		return w, nil
	}
	w, err := p.make()
	if err != nil {
		<-p.busy
	}
	return w, err
}

func (p *pool) release(w *worker) {
	p.mu.Lock()
	p.idle = append(p.idle, w)
	p.mu.Unlock()
	<-p.busy
}

// close waits until every worker is back and frees them. It is called once; the
// tokens that it takes are never given back.
func (p *pool) close() error {
	close(p.closed)
	for range cap(p.busy) {
		p.busy <- struct{}{}
	}
	var errs []error
	for _, w := range p.idle {
		errs = append(errs, w.destroy())
	}
	return errors.Join(errs...)
}

func errClosed() error {
	return hajir.Errorf(hajir.Unavailable, "Face recognition is shutting down. Try again in a moment.")
}
