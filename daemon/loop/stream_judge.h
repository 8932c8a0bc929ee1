/* Whether a stream hears of a record, by what is on disk: the core is a batch or two ahead of that, and what it decided last is
 * gone if the broker dies. A record that would be passed over, or sent, for such a change alone waits for it; so that nothing
 * is lost, and nothing told, that a crash could take back.
 *
 * No stream waits for ever where changes follow each other without end: each batch is judged as it is handed over, when the
 * core stands at its last record, and once it is on disk that judgement holds. A record waits for two batches at most, while
 * the recent records have it.
 *
 * Of a broker that follows the core is at the newest record that is there, and what is on disk is what the leader is known to have gone on
 * from: a record itself may wait for that, as it may yet give way to another.
 */
#ifndef COORDD_LOOP_STREAM_JUDGE_H
#define COORDD_LOOP_STREAM_JUDGE_H

#include "loop/stream.h"

enum stream_hearing {
    STREAM_HEARS_NOT,
    STREAM_HEARS,
    STREAM_HEARS_LATER, /* what decides it is not on disk yet */
};

/* A record that waits, and what was judged of it last. */
struct stream_wait {
    uint64_t seq;
    uint64_t judged_at; /* the last record of the batch that was being handed over; 0 while none was */
    bool hears;
    struct recent_audience *audience; /* a copy */
};

/* Of its notice and severity alone. */
bool stream_filters(const struct stream *stream, const struct recent_audience *audience);
enum stream_hearing stream_judge(const struct streams *streams, const struct stream *stream,
                                 const struct recent_audience *audience, uint64_t seq);
/* It waits, with this record as its next. */
void stream_wait_for(struct streams *streams, struct stream *stream, const struct recent_audience *audience,
                     uint64_t seq);
void stream_wait_done(struct stream *stream);
/* Those that waited look at their records again. */
void streams_wake(struct streams *streams);

#endif
