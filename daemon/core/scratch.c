#include "core/scratch.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "core/deadline_due.h"
#include "core/reading.h"

struct scratch *scratch_new(void)
{
    struct scratch *scratch = xcalloc(1, sizeof *scratch);
    scratch->outer = xdecoder_new();
    scratch->inner = xdecoder_new();
    scratch->stored = xdecoder_new();
    scratch->due = xcalloc(1, sizeof *scratch->due);
    scratch->reading = reading_new();
    scratch->bytes.exhausted = scratch->arena.exhausted = xalloc_failed;
    return scratch;
}

void scratch_free(struct scratch *scratch)
{
    if (!scratch)
        return;
    decoder_free(scratch->outer);
    decoder_free(scratch->inner);
    decoder_free(scratch->stored);
    buffer_done(&scratch->bytes);
    arena_done(&scratch->arena);
    free(scratch->due);
    reading_free(scratch->reading);
    free(scratch);
}

struct buffer *scratch_bytes(struct core *core)
{
    buffer_clear(&core->scratch->bytes);
    return &core->scratch->bytes;
}
