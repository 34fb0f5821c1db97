#pragma once

#include <memory>

namespace carillon {

class authenticator;
class call;
class call_policy;
class channel;
class client_link;
class clock;
class command_sink;
class direct_policy;
class io_threads;
class mirror_status;
class record_store;
class relay_permit;
class responder;
class session_policy;
class store_factory;
class stream_tokens;
class user_session;
class video_policy;
struct call_core;
struct call_page;
struct call_record;
struct call_settings;
struct call_view;
struct channel_record;
struct chat_message;
struct failure;
struct identity;
struct outbox_backlog;
struct outbox_entry;
struct outbox_result;
struct outcome;
struct participant;
struct quality_sample;
struct relay_route;
struct reply_to;
struct user_claims;
struct user_record;
struct wire_event;

using client_link_ptr = std::shared_ptr<client_link>;
using user_ptr = std::shared_ptr<const user_record>;
using wire_event_ptr = std::shared_ptr<const wire_event>;

} // namespace carillon
