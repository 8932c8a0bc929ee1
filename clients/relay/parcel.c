#include "parcel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "words.h"

/* How many of a digest are spelt out: some 500 bytes each, and mail servers take 10 MB and more. */
#define PARCEL_MAX 2000

struct gathering {
    json_t *array;
    struct notification *items;
    size_t count;
};

static const char *gather(void *user, int64_t id, const struct notification *notification, bool ended,
                          const char *left_out)
{
    struct gathering *gathering = user;
    (void)id;
    (void)ended;
    if (!left_out && json_array_size(gathering->array) < PARCEL_MAX)
        json_array_append(gathering->array, (json_t *)(uintptr_t)notification->json);
    return NULL;
}

static void agency_name(void *user, const char *id, enum language language, char name[257])
{
    char vi[257], en[257];
    if (store_agency(user, id, vi, en))
        snprintf(name, 257, "%s", language == LANGUAGE_EN && en[0] ? en : vi);
    else
        snprintf(name, 257, "%s", id);
}

static char *ended(struct buffer *buffer)
{
    buffer_append(buffer, "", 1);
    if (buffer->failed)
        alloc_failed();
    char *text = buffer->data;
    *buffer = (struct buffer){0};
    return text;
}

static void put_person(json_t *json, const struct person *person)
{
    if (!person)
        return;
    json_t *object = json_object();
    json_object_set_new(object, "id", json_string(person->id));
    json_object_set_new(object, "name", json_string(person->name));
    if (person->mail)
        json_object_set_new(object, "mail", json_string(person->mail));
    if (person->phone)
        json_object_set_new(object, "phone", json_string(person->phone));
    if (person->phone)
        json_object_set_new(object, "digits", json_string(person->phone + (person->phone[0] == '+')));
    json_object_set_new(json, "person", object);
}

static void put_thread(struct parcel *parcel, const struct gathering *gathering, const char *broker)
{
    for (size_t i = 0; i < gathering->count; i++)
        if (gathering->items[i].task != gathering->items[0].task)
            return;
    if (gathering->count && gathering->items[0].task)
        snprintf(parcel->thread, sizeof parcel->thread, "task-%llu.%.32s", (unsigned long long)gathering->items[0].task,
                 broker);
}

static void spell_out(struct parcel *parcel, const struct words *words, const struct gathering *gathering)
{
    struct buffer buffer = {.exhausted = alloc_failed};
    words_subject(words, gathering->items, gathering->count, &buffer);
    parcel->subject = ended(&buffer);
    words_text(words, gathering->items, gathering->count, &buffer);
    parcel->text = ended(&buffer);
    if (parcel->receiver->kind != RECEIVER_MAIL)
        return;
    buffer.exhausted = alloc_failed;
    words_html(words, gathering->items, gathering->count, &buffer);
    parcel->html = ended(&buffer);
}

static void put_json(struct parcel *parcel, const struct delivery *delivery, json_t *notifications,
                     enum language language)
{
    json_t *json = parcel->json = json_object();
    json_object_set_new(json, "version", json_integer(1));
    json_object_set_new(json, "key", json_string(delivery->key));
    json_object_set_new(json, "receiver", json_string(delivery->receiver));
    put_person(json, parcel->person);
    json_object_set_new(json, "route", json_string(delivery->route));
    json_object_set_new(json, "group", json_string(delivery->group));
    json_object_set_new(json, "digest", json_boolean(delivery->digest));
    json_object_set_new(json, "repeat", json_integer(delivery->round));
    json_object_set_new(json, "language", json_string(language == LANGUAGE_EN ? "en" : "vi"));
    json_object_set_new(json, "subject", json_string(parcel->subject));
    json_object_set_new(json, "text", json_string(parcel->text));
    json_object_set_new(json, "count", json_integer((json_int_t)json_array_size(notifications)));
    json_object_set(json, "notifications", notifications);
    parcel->body = json_dumps(json, JSON_COMPACT);
    if (!parcel->body)
        alloc_failed();
}

struct parcel *parcel_new(struct store *store, struct config *config, const struct working_days *days,
                          const struct delivery *delivery, int64_t now, const char **why)
{
    const struct receiver *receiver = config_receiver(config, delivery->receiver);
    const struct person *person = delivery->person[0] ? config_person(config, delivery->person) : NULL;
    if (!receiver || (delivery->person[0] && !person)) {
        *why = receiver ? "the person is no more in the address book" : "the receiver is no more in the configuration";
        return NULL;
    }
    struct parcel *parcel = alloc_zeroed(1, sizeof *parcel);
    struct gathering gathering = {.array = json_array()};
    store_contents(store, delivery->id, gather, &gathering);
    gathering.count = json_array_size(gathering.array);
    gathering.items = alloc_zeroed(gathering.count, sizeof *gathering.items);
    for (size_t i = 0; i < gathering.count; i++)
        notification_view(&gathering.items[i], json_array_get(gathering.array, i));
    parcel->id = delivery->id;
    parcel->config = config_hold(config);
    parcel->receiver = receiver;
    parcel->person = person;
    memcpy(parcel->key, delivery->key, sizeof parcel->key);
    const struct words words = {.language = (person ? &person->wishes : &receiver->wishes)->language,
                                .days = days,
                                .agency = agency_name,
                                .user = store,
                                .web = config->web,
                                .link_secret = config->link_secret,
                                .person = delivery->person,
                                .now = now};
    size_t size = 0;
    char *broker = store_value(store, "broker", &size);
    put_thread(parcel, &gathering, broker ? broker : "");
    free(broker);
    spell_out(parcel, &words, &gathering);
    put_json(parcel, delivery, gathering.array, words.language);
    free(gathering.items);
    json_decref(gathering.array);
    return parcel;
}

void parcel_free(struct parcel *parcel)
{
    if (!parcel)
        return;
    config_free(parcel->config);
    json_decref(parcel->json);
    free(parcel->body);
    free(parcel->subject);
    free(parcel->text);
    free(parcel->html);
    free(parcel);
}
