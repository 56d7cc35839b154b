/* What a reader of sums can work out. */
#ifndef TESTS_DIGEST_ATTACK_H
#define TESTS_DIGEST_ATTACK_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

static inline uint64_t random_bits(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state >> 11;
}

/* Each row an equation in what is hidden, one column a figure; reduced by Gauss and Jordan. A row with a single figure left tells it: how many. */
static inline size_t attack_told(double *m, size_t rows, size_t columns)
{
	size_t rank = 0, found = 0;
	for (size_t col = 0; col < columns && rank < rows; col++) {
		size_t pivot = rank;
		while (pivot < rows && fabs(m[pivot * columns + col]) < 1e-9)
			pivot++;
		if (pivot == rows)
			continue;
		for (size_t i = 0; i < columns; i++) {
			double x = m[pivot * columns + i];
			m[pivot * columns + i] = m[rank * columns + i];
			m[rank * columns + i] = x;
		}
		for (size_t r = 0; r < rows; r++) {
			double factor = r == rank ? 0 : m[r * columns + col] / m[rank * columns + col];
			for (size_t i = 0; factor != 0 && i < columns; i++)
				m[r * columns + i] -= factor * m[rank * columns + i];
		}
		rank++;
	}
	for (size_t r = 0; r < rank; r++) {
		size_t left = 0;
		for (size_t i = 0; i < columns; i++)
			left += fabs(m[r * columns + i]) > 1e-9;
		found += left == 1;
	}
	return found;
}

#endif
