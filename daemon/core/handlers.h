/* The handlers of requests, one for each op that the core answers; request.c has the table. */
#ifndef COORDD_CORE_HANDLERS_H
#define COORDD_CORE_HANDLERS_H

#include "core/step.h"

/* assign.c */
step_handler assign_handle;
/* task.c: accept to acknowledge */
step_handler task_handle;
/* admin.c */
step_handler admin_agency_set, admin_key_set, admin_key_revoke, admin_calendar_set, admin_policy_set;
/* query.c */
step_handler query_hello, query_task_get, query_task_list, query_task_history, query_escalation_list;
/* summary.c */
step_handler query_summary;
/* list.c */
step_handler list_agencies, list_keys, list_calendars, list_policies, list_explain;
/* for_loop.c */
step_handler stream_handle, broker_handle;

#endif
