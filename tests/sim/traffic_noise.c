/* What no program should send: requests whose fields chance fills in, and frames with some bytes changed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "sim/sim.h"

#define PICK(n) traffic_pick(sim, (n))

/* Where chance fills in what an administrator sets, no id is sound: or the model would not know what came to be. */
static const char *sound_id;

static void put_message(struct sim *sim, struct buffer *frame, const struct message *message);

/* ---- msgpack, by hand ---- */

static void put(struct buffer *frame, const char *bytes, size_t size)
{
    buffer_append(frame, bytes, size);
}

static void put_text(struct buffer *frame, const char *text)
{
    const size_t size = strlen(text);
    const char head[] = {(char)0xda, (char)(size >> 8), (char)size};
    put(frame, head, 3);
    put(frame, text, size);
}

/* One value of some sort, or several in an array or map: seldom what the field wants. */
static void put_value(struct sim *sim, struct buffer *frame, int depth)
{
    static const char *const texts[] = {"",     "tinh",     "xa.1",  "3wd",      "2024-06-28", "normal",
                                        "lead", "sai \xff", "a\001", "escalate", "2024-13-01", "máy"};
    const char *text = texts[PICK(12)];
    const char number[] = {(char)0xcd, (char)PICK(256), (char)PICK(256)};
    const char many[] = {(char)0xdd, 0, (char)PICK(3), 0, 2};
    switch (PICK(depth > 9 ? 6 : 9)) {
    case 0:
        put(frame, "\300", 1); /* nil */
        break;
    case 1:
        put(frame, PICK(2) ? "\303" : "\302", 1);
        break;
    case 2:
        put(frame, number, 3);
        break;
    case 3:
        put(frame, "\377", 1); /* −1 */
        break;
    case 4:
        put(frame, "\304\003abc", 5);
        break;
    case 5:
        put_text(frame, strcmp(sound_id, "tinh") == 0 ? text : sound_id);
        break;
    case 6:
        put(frame, "\221\221\221\221\221\221\221\221\221", PICK(6) ? 1 : 9);
        put_value(sim, frame, depth + 1);
        break;
    case 7:
        put(frame, "\201", 1);
        put_text(frame, "task");
        put_value(sim, frame, depth + 1);
        break;
    default:
        if (PICK(4))
            put(frame, "\220", 1);
        else
            put(frame, many, 5);
        break;
    }
}

static void put_count(struct buffer *frame, uint32_t count)
{
    const char head[] = {(char)0xde, (char)(count >> 8), (char)count};
    put(frame, head, 3);
}

/* One value as the field wants it. */
static void put_sound(struct sim *sim, struct buffer *frame, const struct field *field)
{
    static const char digest[] = "\304\020................";
    switch (field->type) {
    case FIELD_U64:
    case FIELD_I64:
    case FIELD_TIME:
        put(frame, "\001", 1);
        break;
    case FIELD_NUM:
        put(frame, "\002", 1);
        break;
    case FIELD_FLAG:
        put(frame, "\303", 1);
        break;
    case FIELD_TEXT:
        put_text(frame, PICK(3) ? sound_id : "10 wd");
        break;
    case FIELD_DAY:
        put_text(frame, "2024-06-28");
        break;
    case FIELD_BYTES:
        put(frame, digest, 18);
        break;
    case FIELD_TERM:
        put_text(frame, term_name(field->vocabulary, 1));
        break;
    case FIELD_MESSAGE:
        put_message(sim, frame, field->message);
        break;
    default:
        put(frame, "\220", 1);
        break;
    }
}

/* What is required, as it should be, and one field as it should not be. */
static void put_fields(struct sim *sim, struct buffer *frame, const struct message *message, uint32_t *count)
{
    const uint32_t wrong = message->count ? PICK(message->count) : 0;
    for (uint32_t i = 0; i < message->count; i++) {
        const struct field *field = &message->fields[i];
        if (!field->required && i != wrong)
            continue;
        put_text(frame, PICK(30) ? field->name : "khac");
        if (i == wrong)
            put_value(sim, frame, 0);
        else
            put_sound(sim, frame, field);
        ++*count;
    }
}

static void put_message(struct sim *sim, struct buffer *frame, const struct message *message)
{
    struct buffer fields = {0};
    uint32_t count = 0;
    put_fields(sim, &fields, message, &count);
    put_count(frame, count);
    put(frame, fields.data, fields.size);
    buffer_done(&fields);
}

void traffic_scramble(struct sim *sim)
{
    char id[24];
    struct buffer frame = {0}, fields = {0};
    uint32_t count = 2;
    enum op op = (enum op)(1 + PICK(OP_COUNT - 1));
    const size_t number = sim->model.request_count;
    const int key = sim->batch_key >= 0 ? sim->batch_key : traffic_key(sim, PICK(2) ? 0 : traffic_any_agency(sim));
    if (op_row(op)->touches == OP_CLASS_batch)
        op = OP_ASSIGN;
    sound_id = op_row(op)->right == RIGHT_ADMINISTER ? "có dấu" : "tinh";
    snprintf(id, sizeof id, "r%zu", number);
    put_fields(sim, &fields, op_row(op)->request, &count);
    put_count(&frame, count);
    put_text(&frame, "op");
    put_text(&frame, PICK(20) ? op_row(op)->name : "assgin");
    put_text(&frame, "id");
    put_text(&frame, id);
    put(&frame, fields.data, fields.size);
    buffer_done(&fields);
    model_request(sim, &(struct request){.key = key,
                                         .name = -1,
                                         .op = op,
                                         .id = number,
                                         .is_scrambled = true,
                                         .frame = frame.data,
                                         .size = (uint32_t)frame.size});
    if (sim->batch_key < 0)
        network_send(
            &sim->network,
            &(struct packet){.request = number, .key = key, .frame = frame.data, .size = (uint32_t)frame.size});
}

/* ---- bytes ---- */

static void send_large(struct sim *sim)
{
    const uint32_t size = (1 << 20) + 1;
    void *frame = xcalloc(1, size);
    network_send(&sim->network,
                 &(struct packet){.request = SIZE_MAX, .key = (int)PICK(WORLD_AGENCIES), .frame = frame, .size = size});
    free(frame);
}

/* A sound frame of before with some of its bytes changed. Its id may still be sound, and then it is that request that
 * it repeats or reuses: so the id is broken for sure. */
void traffic_noise(struct sim *sim)
{
    if (sim->model.request_count == 0)
        return;
    if (PICK(100) == 0) {
        send_large(sim);
        return;
    }
    const struct request *old = &sim->model.requests[PICK((uint32_t)sim->model.request_count)];
    char *frame = xmemdup(old->frame, old->size);
    char *id = memmem(frame, old->size, "\242id", 3);
    for (uint32_t i = 0; i < 1 + PICK(4); i++)
        frame[PICK(old->size)] = (char)chance_next(&sim->chance);
    if (id)
        id[0] = '\xc1'; /* no msgpack begins so */
    else
        frame[0] = '\xc1';
    const struct packet packet = {
        .request = SIZE_MAX, .key = (int)PICK(WORLD_KEYS), .frame = frame, .size = 1 + PICK(old->size)};
    if (id && packet.size <= (uint32_t)(id - frame))
        frame[0] = '\xc1'; /* cut off before its id it may be sound: `{"op": "hello"}` */
    network_send(&sim->network, &packet);
    free(frame);
}
