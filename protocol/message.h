/* Messages as C structs, generated from messages.def.h, and the four walks over them: decode (which checks), encode,
 * check, and describe (for the reference page and for JSON).
 */
#ifndef COORD_MESSAGE_H
#define COORD_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "errors.h"
#include "messages.def.h"
#include "terms.h"

#ifdef __cplusplus
extern "C" {
#endif

/* C types of the scalar field types. Arrays and texts are borrowed: from the frame or the arena that a message was
 * decoded with, or from whoever filled it in. */
typedef uint64_t coord_u64;
typedef int64_t coord_i64;
typedef double coord_num;
typedef bool coord_flag;
typedef int64_t coord_time; /* ms since 1970 UTC */
typedef struct text coord_text;
typedef struct text coord_line;
typedef struct text coord_words;
typedef struct text coord_day;
typedef struct text coord_bytes;
struct texts {
    const struct text *items;
    uint32_t count;
};
typedef struct texts coord_texts;
typedef struct texts coord_raws;
struct u64s {
    const uint64_t *items;
    uint32_t count;
};
typedef struct u64s coord_u64s;

/* Which fields a message has: bit i is set iff field i of its table is present. Aligned as all other members are. */
#define MSG_FIELDS_MAX 128
__extension__ typedef unsigned __int128 msg_bits __attribute__((aligned(8)));

/* struct msg_task { msg_bits has; … }; and struct msg_task_items { const struct msg_task *items; uint32_t count; }; */
#define MSG_MEMBER_F(type, name, need, lo, hi, sentence)    coord_##type name;
#define MSG_MEMBER_T(vocabulary, name, need, sentence)      int name;
#define MSG_MEMBER_S(vocabulary, name, need, sentence)      uint32_t name;
#define MSG_MEMBER_M(message, name, need, sentence)         struct msg_##message name;
#define MSG_MEMBER_L(message, name, need, lo, hi, sentence) struct msg_##message##_items name;
#define X(CONSTANT, message, sentence)                                                                                 \
    struct msg_##message {                                                                                             \
        msg_bits has;                                                                                                  \
        MSG_##CONSTANT(MSG_MEMBER_F, MSG_MEMBER_T, MSG_MEMBER_S, MSG_MEMBER_M, MSG_MEMBER_L)                           \
    };                                                                                                                 \
    struct msg_##message##_items {                                                                                     \
        const struct msg_##message *items;                                                                             \
        uint32_t count;                                                                                                \
    };
COORD_MESSAGES(X)
#undef X

/* Which field is which bit of `has`: a struct of one byte a field, so that a member's offset is the field's number.
 * MSG_HAS(&task, task, due), MSG_SET(&task, task, due, value). */
#define MSG_BIT_F(type, name, need, lo, hi, sentence)    char name;
#define MSG_BIT_T(vocabulary, name, need, sentence)      char name;
#define MSG_BIT_L(message, name, need, lo, hi, sentence) char name;
#define X(CONSTANT, message, sentence)                                                                                 \
    struct msg_##message##_bits {                                                                                      \
        MSG_##CONSTANT(MSG_BIT_F, MSG_BIT_T, MSG_BIT_T, MSG_BIT_T, MSG_BIT_L) char end_;                               \
    };
COORD_MESSAGES(X)
#undef X
#define MSG_FIELD(message, field)         offsetof(struct msg_##message##_bits, field)
#define MSG_BIT(message, field)           ((msg_bits)1 << MSG_FIELD(message, field))
#define MSG_HAS(pointer, message, field)  (((pointer)->has & MSG_BIT(message, field)) != 0)
#define MSG_MARK(pointer, message, field) ((pointer)->has |= MSG_BIT(message, field))
#define MSG_SET(pointer, message, field, ...)                                                                          \
    ((pointer)->field = (__VA_ARGS__), (void)MSG_MARK(pointer, message, field))

/* Through the fields that are present, the first first: for (msg_bits left = has; left; left &= left - 1). */
static inline unsigned msg_bits_first(msg_bits left)
{
    return (uint64_t)left ? (unsigned)__builtin_ctzll((uint64_t)left)
                          : 64 + (unsigned)__builtin_ctzll((uint64_t)(left >> 64));
}
static inline unsigned msg_bits_count(msg_bits has)
{
    return (unsigned)(__builtin_popcountll((uint64_t)has) + __builtin_popcountll((uint64_t)(has >> 64)));
}

enum field_type {
    FIELD_U64,
    FIELD_I64,
    FIELD_NUM,
    FIELD_FLAG,
    FIELD_TIME,
    FIELD_TEXT,
    FIELD_DAY,
    FIELD_BYTES,
    FIELD_TEXTS,
    FIELD_U64S,
    FIELD_RAWS,
    FIELD_TERM,
    FIELD_TERMS,
    FIELD_MESSAGE,
    FIELD_MESSAGES,
};

/* What a text is held against when it is sent, beyond its bounds; what was stored before the rule stays as it is. */
enum text_rule {
    TEXT_ANY,
    TEXT_LINE,  /* one line */
    TEXT_WORDS, /* something of it can be seen */
};

struct message;

/* A field's name as it stands in a frame: its head (a msgpack fixstr of up to 31 bytes) and the name. */
struct field_key {
    uint8_t head;
    char name[31];
};

/* The initializers of a field that follow from its name. */
#define FIELD_NAMED(name_) .name = #name_, .name_size = sizeof(#name_) - 1, .key = {0xA0 | (sizeof(#name_) - 1), #name_}

struct field {
    const char *name;
    struct field_key key;
    const char *sentence;
    enum field_type type;
    bool required;
    uint8_t rule; /* enum text_rule; of FIELD_TEXT */
    uint8_t name_size;
    uint16_t offset; /* in the struct */
    int64_t min;     /* of the value, bytes or count; see messages.def.h */
    uint64_t max;
    const struct vocabulary *vocabulary; /* of FIELD_TERM and FIELD_TERMS */
    const struct message *message;       /* of FIELD_MESSAGE and FIELD_MESSAGES */
};

struct message {
    const char *name;
    const char *sentence;
    const struct field *fields;
    uint16_t count;  /* of fields */
    uint16_t needed; /* of those that are required */
    uint16_t size;   /* of the struct */
};

/* extern const struct message message_task, … */
#define X(CONSTANT, name_, sentence) extern const struct message message_##name_;
COORD_MESSAGES(X)
#undef X

/* The requests: enum op { OP_HELLO, … } and one row for each. */
enum op {
    OP_NONE,
#define R(CONSTANT, op, request, right, class, reply, sentence) OP_##CONSTANT,
    COORD_REQUESTS(R)
#undef R
        OP_COUNT
};

enum op_class { OP_CLASS_read, OP_CLASS_change, OP_CLASS_stream, OP_CLASS_broker, OP_CLASS_batch };

struct op_row {
    enum op op;
    const char *name;
    const struct message *request;
    int right; /* RIGHT_…, 0 for none: any key that is known */
    enum op_class touches;
    const struct message *reply;
    const char *sentence;
};

const struct op_row *op_row(enum op op); /* NULL for OP_NONE and what is out of range */
const struct op_row *op_row_named(const char *name, uint32_t size);
const struct op_row *op_row_nearest(const char *name, uint32_t size); /* for "did you mean"; NULL when none is near */

/* Whether it may be asked in another agency's name: what is asked of tasks, and of what tasks come from and are counted by. */
bool op_takes_name(const struct op_row *row);

/* The field of this name, NULL when there is none. Its bit in `has` is its place in the table. */
const struct field *message_field(const struct message *message, const char *name, uint32_t size);

/* Every frame is one msgpack map. Its `op` says what it is: a request's op, or `reply`, `error`, `record`, `closed`.
 * `id` is the request's, and so the reply's; `for` the agency in whose name it is asked. Where several brokers serve a store, a
 * request says how new its answer must be, and a follower's reply how new it is. */
#define ENVELOPE_ABSENT UINT64_MAX
struct envelope {
    struct text op;
    struct text id;     /* empty when absent */
    struct text name;   /* `for`; empty when absent */
    uint64_t at_least;  /* the record that must have been applied; ENVELOPE_ABSENT when absent, as are these: */
    uint64_t within_ms; /* so old at most may be what is answered from */
    uint64_t as_of;     /* the newest record that was */
    uint64_t lag_ms;    /* so old at most it is */
};

/* A request id is 1 to 64 bytes of printable ASCII. */
#define COORD_REQUEST_ID_MAX 64

/* Decoding. A decoder holds an arena, so that a steady state allocates nothing. */
struct decoder;
struct decoder *decoder_new(void); /* NULL when memory ran out */
void decoder_free(struct decoder *decoder);

/* Scans the limits of frame.h, and finds the envelope. The frame must outlive what is decoded from it; all of
 * it is valid until the next decoder_open on the same decoder. Errors: FRAME_…, and of `op`, `id` and `for`
 * MISSING_FIELD, BAD_TYPE, OUT_OF_RANGE, BAD_TEXT, BAD_VALUE (given twice). On failure the envelope holds what of
 * these was sound, so that the refusal can carry the request's id. The numbers of an envelope are as other u64s. */
int decoder_open(struct decoder *decoder, const void *frame, size_t size, struct envelope *envelope,
                 struct problem *problem);
/* How many values the frame has that was opened last, or that was come to before one was wrong. */
size_t decoder_items(const struct decoder *decoder);
/* Whether the opened frame has `dry_run`, as true: that is asked before all of it is decoded. */
bool decoder_is_dry_run(const struct decoder *decoder);
/* Decodes the fields of the opened frame into a struct of the message's type, checking each: MISSING_FIELD, BAD_TYPE,
 * OUT_OF_RANGE, BAD_TERM, BAD_TEXT, BAD_DATE (day fields), BAD_VALUE (a key given twice) with the field's path, or
 * NO_MEMORY. Unknown keys are ignored, nil is as good as absent. On failure *out is zeroed. */
int decoder_read(struct decoder *decoder, const struct message *message, void *out, struct problem *problem);
/* The same of a message whose texts will be brought to NFC, which is what their bounds are meant of: a text may be longer
 * yet, as far as that can shorten it. It is message_check's to say afterwards whether it did. */
int decoder_read_decomposed(struct decoder *decoder, const struct message *message, void *out, struct problem *problem);
/* Whether no text of the message that was read last changes when it is brought to NFC, as of nearly all can be seen on the
 * way; false where that is not known. */
bool decoder_is_settled(const struct decoder *decoder);
/* From now on a term that is none of its vocabulary is no error, for readers of what a newer program wrote: it is left
 * out of a set, is as good as absent where it is optional, and 0 where it is required. */
void decoder_take_any_term(struct decoder *decoder);
/* Has a function called when memory runs out while decoding, for owners that cannot go on then. */
void decoder_on_exhausted(struct decoder *decoder, void (*exhausted)(void));
/* The decoder's arena: for what belongs to the same request. */
struct arena *decoder_arena(struct decoder *decoder);

/* Encodes one whole frame, {"op": op, "id": id (unless empty), fields…}, at the end of a buffer. Fields come in the
 * order of the table, absent ones are left out: the same struct gives the same bytes. Only a buffer's failure fails.
 * What is encoded is not checked here; a term that is none of its vocabulary becomes "", which no decoder takes. */
void message_encode(struct buffer *buffer, const char *op, struct text id, const struct message *message,
                    const void *in);
/* The same of a request in another agency's name: with `for` after the id, unless that is empty. */
void message_encode_for(struct buffer *buffer, const char *op, struct text id, struct text name,
                        const struct message *message, const void *in);
/* Appends a whole frame with two more pairs, `as_of` and `lag_ms`: as a follower sends it. */
void message_encode_as_of(struct buffer *buffer, const void *frame, size_t size, uint64_t as_of, uint64_t lag_ms);
/* Holds a struct against its table, as the decoder does with what comes in: for what a program filled in. */
int message_check(const struct message *message, const void *in, struct problem *problem);
/* MSG_ERROR of a problem, as a whole frame. */
void message_encode_problem(struct buffer *buffer, struct text id, const struct problem *problem);

#ifdef __cplusplus
}
#endif

#endif
