/* How a stream moves: for the files that make up stream.h.
 *
 *     OPENING ──▶ LIVE ◀──▶ DRY, STALLED        a live one that cannot take a record falls behind with it,
 *                  ▲          │                  and READY once it can
 *                  └─ READY ◀─┘
 *                       │  ▲
 *                       ▼  │
 *                 READING ─▶ PAGED              further behind than the recent records reach
 *
 * from LIVE, READY and PAGED to WAITING while what decides of its next record is not on disk, and back to READY or READING;
 * from each but OPENING to STALLED when what was gathered for its connection comes back; and from each to ENDED, where it stays
 * until streams_reap.
 */
#ifndef COORDD_LOOP_STREAM_MOVE_H
#define COORDD_LOOP_STREAM_MOVE_H

#include "loop/stream.h"

void stream_move(struct streams *streams, struct stream *stream, enum stream_state state);
/* Where a stream that could take more belongs. */
enum stream_state stream_source(const struct streams *streams, const struct stream *stream);
/* Whether it may be sent something at streams->now_ms. If not, it has been ended with the reason. */
bool stream_may_hear(struct streams *streams, struct stream *stream);

/* It has passed over a record: tells its subscriber, if that is due. false when it has ended, or what was sent came back. */
bool stream_passes(struct streams *streams, struct stream *stream);
void stream_leave_turns(struct streams *streams, struct stream *stream); /* it ends */

void streams_drop_page(struct streams *streams);

#endif
