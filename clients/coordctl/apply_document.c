/* coordctl apply: documents of a file. Each is asked for by its number, for a list has no paragraphs. */
#include <stdlib.h>
#include <string.h>

#include "applying.h"
#include "json_write.h"

/* What the broker says of it is not the file's to compare. */
static json_t *compared(const struct msg_document *document)
{
    static const char *const brokers[] = {"force", "since", "note",      "replaced_by",
                                          "moves", "ends",  "end_tasks", "takes_all"};
    json_t *whole = applying_simple(&message_document, document);
    for (size_t i = 0; i < sizeof brokers / sizeof *brokers; i++)
        json_object_del(whole, brokers[i]);
    const char *scope = json_string_value(json_object_get(whole, "scope"));
    if (scope && strcmp(scope, "normal") == 0)
        json_object_del(whole, "scope");
    return whole;
}

/* As it stands; NULL when there is none that this key may read. An exit code. */
static int ask(struct applying *applying, const struct msg_document *document, json_t **there)
{
    struct msg_document_get get = {0};
    struct msg_document_reply reply;
    struct problem problem = {0};
    MSG_SET(&get, document_get, document, document->document);
    const int error = coord_call(applying->session->coord, OP_DOCUMENT_GET, &get, &reply, COORD_TIMEOUT_DEFAULT,
                                 &problem);
    *there = error ? NULL : compared(&reply.document);
    return error && error != COORD_E_DOCUMENT_UNKNOWN ? session_fail(applying->session, &problem) : EXIT_DONE;
}

static int send(struct applying *applying, const struct msg_document *document, const json_t *there,
                const json_t *wanted, const char *id)
{
    struct msg_document_set set = {0};
    char what[APPLYING_WHAT] = "";
    bool taken;
    MSG_SET(&set, document_set, document, *document);
    if (there)
        applying_differences(there, wanted, what, sizeof what);
    const int code = applying_send(applying, OP_DOCUMENT_SET, &set, "document", id, &taken);
    if (!code && taken) {
        applying_tell(applying, there ? "change" : "add", "document", id, what);
        *(there ? &applying->changed : &applying->added) += 1;
    }
    applying->moved |= APPLY_DOCUMENTS;
    return code;
}

static int apply_document(struct applying *applying, const struct msg_document *document)
{
    json_t *wanted = compared(document), *there = NULL;
    const char *id = json_string_value(json_object_get(wanted, "document"));
    int code = ask(applying, document, &there);
    applying_progress(applying);
    if (there && document->issuer.size == 0)
        json_object_del(there, "issuer"); /* the file does not say whose */
    if (!code && there && json_equal(there, wanted))
        applying->same++;
    else if (!code)
        code = send(applying, document, there, wanted, id);
    json_decref(wanted);
    json_decref(there);
    return code;
}

int apply_documents(struct applying *applying)
{
    int code = EXIT_DONE;
    for (size_t i = 0; i < applying->file.document_count && !code; i++)
        code = apply_document(applying, &applying->file.documents[i]);
    return code;
}
