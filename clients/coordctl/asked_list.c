#include "asked_list.h"

#include "due_text.h"
#include "json_write.h"

int asked_list_begin(struct asked_list *list, struct session *session, const struct column *columns, size_t count)
{
    *list = (struct asked_list){.session = session, .own = arguments_flag(&session->arguments, "asked")};
    int code = session_count(session, "limit", UINT64_MAX, &list->left);
    if (!code)
        code = session_hello(session);
    if (code)
        return code;
    list->agency = list->own ? NULL : session->agency;
    if (!session->json)
        due_learn(session);
    list->array = session->json ? json_array() : NULL;
    list->table = session->json ? NULL : table_new(columns, count);
    return EXIT_DONE;
}

int asked_list_pages(struct asked_list *list, enum role asked,
                     int (*item)(void *, const struct message *, const void *))
{
    struct msg_task_list tasks = {0};
    MSG_SET(&tasks, task_list, agency, text_of(list->session->agency));
    MSG_SET(&tasks, task_list, roles, TERM_BIT(list->own ? ROLE_LEAD : asked));
    MSG_SET(&tasks, task_list, limit, 1000);
    return session_pages(list->session, OP_TASK_LIST, &tasks, item, list);
}

int asked_list_end(struct asked_list *list, int code, const char *none)
{
    if (code)
        json_decref(list->array);
    else if (list->array)
        output_json(list->array);
    if (list->table)
        table_show(list->table, code ? NULL : none);
    return code;
}

json_t *asked_list_task(const struct msg_task *task)
{
    struct msg_task shown = *task;
    shown.has &= MSG_BIT(task, task) | MSG_BIT(task, reference) | MSG_BIT(task, title) | MSG_BIT(task, state) |
                 MSG_BIT(task, assigner) | MSG_BIT(task, lead) | MSG_BIT(task, due) | MSG_BIT(task, due_day);
    return json_write(&message_task, &shown);
}
