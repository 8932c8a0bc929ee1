/* Checkpoints: the state is written back a few rows with each commit, so that none waits for it. */
#include "loop/state.h"

/* While the broker stops or hands over, nobody waits for a commit: the rest is written in larger pieces. */
#define CHECKPOINT_ROWS_STOPPING 8192
/* Bytes of rows after which no more are added: the longest has 700 KB (a calendar), those of remembered requests 64 KB. 1 ms. */
#define CHECKPOINT_BYTES (1 << 20)

bool checkpoint_wanted(const struct broker *broker)
{
    return broker->checkpoint.under_way && broker->disk == DISK_WRITABLE && role_appends(broker->follow.role);
}

void checkpoint_begin_if_due(struct broker *broker, bool quiet)
{
    const uint64_t tail = broker->streams.durable - broker->checkpoint.stands;
    if (broker->checkpoint.under_way || broker->disk != DISK_WRITABLE || tail == 0 ||
        !role_decides(broker->follow.role))
        return;
    if (!quiet && tail < broker->limits.checkpoint_records &&
        core_checkpoint_dirty(broker->core) < broker->limits.checkpoint_records)
        return;
    broker->checkpoint.seq = core_checkpoint_begin(broker->core);
    broker->checkpoint.under_way = true;
}

void checkpoint_fill(struct broker *broker, struct batch *batch)
{
    const bool serves = broker->phase == PHASE_SERVING && role_decides(broker->follow.role);
    const uint64_t rows_max = serves ? broker->limits.checkpoint_rows : CHECKPOINT_ROWS_STOPPING;
    if (!checkpoint_wanted(broker))
        return;
    for (uint64_t i = 0; i < rows_max && batch->row_bytes.size < CHECKPOINT_BYTES; i++) {
        struct journal_row row;
        if (!core_checkpoint_next(broker->core, &batch->row_bytes, &row)) {
            batch->checkpoint = broker->checkpoint.seq;
            broker->checkpoint.under_way = false;
            break;
        }
        const size_t offset = (size_t)((const char *)row.body - batch->row_bytes.data);
        batch_add_row(batch, &(struct batch_row){row.key, row.seq, {offset, row.size}});
    }
}
