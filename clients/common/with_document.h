/* Which records of a task came of its document being replaced. */
#ifndef COMMON_WITH_DOCUMENT_H
#define COMMON_WITH_DOCUMENT_H

#include "message.h"

/* The task was taken along, or ended, when its document was replaced: nobody asked for that by itself, so the record is without a request. */
static inline bool record_is_with_document(const struct msg_record *record)
{
    return (record->action == ACTION_AMEND && !MSG_HAS(record, record, actor) &&
            MSG_HAS(&record->content, content, document)) ||
           (record->action == ACTION_CANCEL && !MSG_HAS(record, record, request));
}

#endif
