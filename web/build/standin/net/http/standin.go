// Package http stands in for net/http in the engine's WebAssembly: see
// web/build/standins.go. It has what templ names, and nothing behind it; the
// browser's engine serves nothing.
package http

import (
	"context"
	"net/url"
)

const StatusInternalServerError = 500

type Header map[string][]string

func (Header) Set(key, value string) {}

type Request struct{ URL *url.URL }

func (*Request) Context() context.Context               { return context.Background() }
func (r *Request) WithContext(context.Context) *Request { return r }

type ResponseWriter interface {
	Header() Header
	Write([]byte) (int, error)
	WriteHeader(int)
}

type Handler interface {
	ServeHTTP(ResponseWriter, *Request)
}

type Flusher interface{ Flush() }

func Error(ResponseWriter, string, int) {}
