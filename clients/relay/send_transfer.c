/* Webhooks and mail, by libcurl. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "answer.h"
#include "mail.h"
#include "sender.h"
#include "sign.h"
#include "template.h"

static size_t take_reply(char *bytes, size_t size, size_t count, void *user)
{
    struct under_way *way = user;
    const size_t all = size * count, room = sizeof way->reply - 1 - way->reply_size;
    const size_t take = all < room ? all : room;
    memcpy(way->reply + way->reply_size, bytes, take);
    way->reply_size += take;
    return all;
}

/* What a mail server refuses with; what else it says is not kept. */
static size_t take_line(char *bytes, size_t size, size_t count, void *user)
{
    if (size * count == 0 || bytes[0] < '4')
        return size * count;
    ((struct under_way *)user)->reply_size = 0;
    return take_reply(bytes, size, count, user);
}

static size_t give_mail(char *bytes, size_t size, size_t count, void *user)
{
    struct under_way *way = user;
    const size_t left = way->sent.size - way->read, room = size * count, give = left < room ? left : room;
    memcpy(bytes, way->sent.data + way->read, give);
    way->read += give;
    return give;
}

/* A transfer with what all of them have in common, not yet begun. */
static void prepare(struct under_way *way)
{
    const struct receiver *receiver = way->parcel->receiver;
    way->curl = curl_easy_init();
    if (!way->curl)
        alloc_failed();
    curl_easy_setopt(way->curl, CURLOPT_PRIVATE, way);
    curl_easy_setopt(way->curl, CURLOPT_URL, receiver->url);
    curl_easy_setopt(way->curl, CURLOPT_TIMEOUT_MS, (long)receiver->timeout);
    curl_easy_setopt(way->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(way->curl, CURLOPT_WRITEFUNCTION, take_reply);
    curl_easy_setopt(way->curl, CURLOPT_WRITEDATA, way);
    curl_easy_setopt(way->curl, CURLOPT_ERRORBUFFER, way->trouble);
    if (receiver->ca_file)
        curl_easy_setopt(way->curl, CURLOPT_CAINFO, receiver->ca_file);
}

static bool begin(struct under_way *way)
{
    if (curl_multi_add_handle(sender_multi(way->sender), way->curl) == CURLM_OK)
        return true;
    sender_fail(way, OUTCOME_AGAIN, "libcurl takes no more transfers");
    return false;
}

static void end(struct under_way *way)
{
    if (way->curl) {
        curl_multi_remove_handle(sender_multi(way->sender), way->curl);
        curl_easy_cleanup(way->curl);
    }
    curl_slist_free_all(way->headers);
    curl_slist_free_all(way->recipients);
    buffer_done(&way->sent);
}

static void add(struct curl_slist **list, const char *line)
{
    struct curl_slist *longer = curl_slist_append(*list, line);
    if (!longer)
        alloc_failed();
    *list = longer;
}

/* ---- webhook ---- */

static bool webhook_begin(struct under_way *way, int64_t now)
{
    const struct receiver *receiver = way->parcel->receiver;
    char line[2048], signature[SIGN_TEXT];
    way->sent.exhausted = alloc_failed;
    if (receiver->body)
        template_expand(receiver->body, way->parcel->json, &way->sent);
    else
        buffer_append(&way->sent, way->parcel->body, strlen(way->parcel->body));
    prepare(way);
    add(&way->headers, "Content-Type: application/json");
    add(&way->headers, "Expect:"); /* the whole at once, without asking first */
    snprintf(line, sizeof line, "Idempotency-Key: %s", way->parcel->key);
    add(&way->headers, line);
    snprintf(line, sizeof line, "X-Coord-Timestamp: %lld", (long long)(now / 1000));
    add(&way->headers, line);
    if (receiver->secret) {
        struct buffer what = {.exhausted = alloc_failed};
        buffer_printf(&what, "%lld.", (long long)(now / 1000));
        buffer_append(&what, way->sent.data, way->sent.size);
        sign(receiver->secret, what.data, what.size, signature);
        buffer_done(&what);
        snprintf(line, sizeof line, "X-Coord-Signature: sha256=%s", signature);
        add(&way->headers, line);
    }
    for (size_t i = 0; i < receiver->headers.count; i++) {
        const struct pair *header = &receiver->headers.items[i];
        struct buffer own = {.exhausted = alloc_failed}; /* a token may be longer than a line */
        buffer_printf(&own, "%s: ", header->name);
        buffer_append(&own, header->value, strlen(header->value) + 1);
        add(&way->headers, own.data);
        buffer_done(&own);
    }
    curl_easy_setopt(way->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(way->curl, CURLOPT_HTTPHEADER, way->headers);
    curl_easy_setopt(way->curl, CURLOPT_USERAGENT, "coord-relay/" COORDD_VERSION);
    curl_easy_setopt(way->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)way->sent.size);
    curl_easy_setopt(way->curl, CURLOPT_POSTFIELDS, way->sent.data);
    return begin(way);
}

/* Too early, too slow, too many, or trouble of its own: the same request may succeed later. */
static bool http_passes(long code)
{
    return code == 408 || code == 425 || code == 429 || code >= 500;
}

/* ---- mail ---- */

static bool mail_begin(struct under_way *way, int64_t now)
{
    const struct receiver *receiver = way->parcel->receiver;
    const struct person *person = way->parcel->person;
    char line[300];
    const struct mail mail = {.from = receiver->from,
                              .to = person ? person->mail : receiver->to.items[0],
                              .to_name = person ? person->name : NULL,
                              .reply_to = receiver->reply_to,
                              .subject = way->parcel->subject,
                              .text = way->parcel->text,
                              .html = way->parcel->html,
                              .key = way->parcel->key,
                              .thread = way->parcel->thread,
                              .now = now};
    way->sent.exhausted = alloc_failed;
    mail_compose(&mail, &way->sent);
    prepare(way);
    for (size_t i = 0; i < (person ? 1 : receiver->to.count); i++) {
        snprintf(line, sizeof line, "<%s>", person ? person->mail : receiver->to.items[i]);
        add(&way->recipients, line);
    }
    snprintf(line, sizeof line, "<%s>", receiver->from);
    curl_easy_setopt(way->curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    /* A connection of its own: libcurl 7.88 would hand one that STARTTLS secured to another receiver of the same server,
     * whatever certificates that one holds it against. */
    curl_easy_setopt(way->curl, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(way->curl, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(way->curl, CURLOPT_MAIL_FROM, line);
    curl_easy_setopt(way->curl, CURLOPT_MAIL_RCPT, way->recipients);
    curl_easy_setopt(way->curl, CURLOPT_USE_SSL,
                     receiver->tls == MAIL_PLAIN ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
    if (receiver->user) {
        curl_easy_setopt(way->curl, CURLOPT_USERNAME, receiver->user);
        curl_easy_setopt(way->curl, CURLOPT_PASSWORD, receiver->secret);
    }
    curl_easy_setopt(way->curl, CURLOPT_HEADERFUNCTION, take_line);
    curl_easy_setopt(way->curl, CURLOPT_HEADERDATA, way);
    curl_easy_setopt(way->curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(way->curl, CURLOPT_READFUNCTION, give_mail);
    curl_easy_setopt(way->curl, CURLOPT_READDATA, way);
    return begin(way);
}

/* ---- what became of it ---- */

/* The transfer came to no end: nobody there, no certificate, no time; or a mail server that refuses. */
static void judge_failure(struct under_way *way, CURLcode result, long code)
{
    const bool is_mail = way->parcel->receiver->kind == RECEIVER_MAIL;
    char timeout[32];
    if (is_mail && code >= 500 && (result == CURLE_SEND_ERROR || result == CURLE_WEIRD_SERVER_REPLY)) {
        sender_fail(way, OUTCOME_NEVER, "the mail server refused it: %.150s", way->reply);
    } else if (result == CURLE_OPERATION_TIMEDOUT) {
        duration_text(way->parcel->receiver->timeout, timeout);
        sender_fail(way, OUTCOME_AGAIN, "it took longer than `timeout`, %s", timeout);
    } else {
        sender_fail(way, OUTCOME_AGAIN, "%.120s%s%.100s", way->trouble[0] ? way->trouble : curl_easy_strerror(result),
                    is_mail && code ? ": " : "", is_mail && code ? way->reply : "");
    }
}

void transfer_judge(struct under_way *way, CURLcode result)
{
    const struct receiver *receiver = way->parcel->receiver;
    char why[200];
    long code = 0;
    curl_off_t after = 0;
    curl_easy_getinfo(way->curl, CURLINFO_RESPONSE_CODE, &code);
    curl_easy_getinfo(way->curl, CURLINFO_RETRY_AFTER, &after);
    way->reply[way->reply_size] = '\0';
    way->after_ms = after > 0 && after < 86400 ? (int64_t)after * 1000 : 0;
    if (result != CURLE_OK)
        judge_failure(way, result, code);
    else if (receiver->kind == RECEIVER_MAIL)
        sender_fail(way, OUTCOME_SENT, "%s", "");
    else if (code < 200 || code >= 300)
        sender_fail(way, http_passes(code) ? OUTCOME_AGAIN : OUTCOME_NEVER, "HTTP %ld: %.150s", code, way->reply);
    else if (answer_has(&receiver->answer, way->reply, why))
        sender_fail(way, OUTCOME_SENT, "%s", "");
    else
        sender_fail(way, OUTCOME_AGAIN, "%s: %.100s", why, way->reply);
}

const struct transport transport_webhook = {webhook_begin, end};
const struct transport transport_mail = {mail_begin, end};
