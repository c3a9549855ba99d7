// Stands in for p256_table.go in the engine's WebAssembly: see
// web/build/standins.go. There the multiples of P-256's generator are 86 KiB
// that don't compress; here they are computed when they are first needed.

package nistec

import (
	"crypto/internal/fips140/nistec/fiat"
	"sync"
)

// p256PrecomputedEmbed is the memory that p256GeneratorTables points to.
var p256PrecomputedEmbed [43]p256AffineTable

var p256Compute sync.Once

// ScalarBaseMult sets p = scalar * generator, as p256.go's does.
func (p *P256Point) ScalarBaseMult(scalar []byte) (*P256Point, error) {
	p256Compute.Do(p256ComputeTables)
	return p.scalarBaseMultByTables(scalar)
}

// p256ComputeTables fills each table with the multiples 1 to 32 of the table's
// base. The first base is the generator, the next one is 64 times the last.
func p256ComputeTables() {
	base := NewP256Point().SetGenerator()
	for i := range p256PrecomputedEmbed {
		var multiples [32]P256Point
		multiples[0].Set(base)
		for j := 1; j < len(multiples); j++ {
			multiples[j].Add(&multiples[j-1], base)
		}
		p256Affine(&p256PrecomputedEmbed[i], &multiples)
		base.Double(&multiples[31])
	}
}

// p256Affine divides each point by its z, with one inversion for all: the
// inverse of the product of all z, times the product of all but one, is that
// one's inverse. No z is zero, for no multiple is the point at infinity.
func p256Affine(affine *p256AffineTable, points *[32]P256Point) {
	var before [32]fiat.P256Element // the product of the z of all points before
	product := new(fiat.P256Element).One()
	for i := range points {
		before[i].Set(product)
		product.Mul(product, &points[i].z)
	}
	inverse := new(fiat.P256Element).Invert(product)
	for i := len(points) - 1; i >= 0; i-- {
		z := new(fiat.P256Element).Mul(inverse, &before[i])
		inverse.Mul(inverse, &points[i].z)
		affine[i].x.Mul(&points[i].x, z)
		affine[i].y.Mul(&points[i].y, z)
	}
}
