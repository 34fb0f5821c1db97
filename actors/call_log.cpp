#include "actors/call_log.hpp"

#include "config/log.hpp"

namespace carillon::actors {

// In the order of `call_kind`, as every switch here.

void log_begin(const call_record& record) {
  switch (record.kind()) {
  case call_kind::direct:
    log::info("call_placed", {{"call", record.id.str()},
                              {"caller", record.caller.str()},
                              {"receiver", record.direct().receiver.str()},
                              {"type", to_string(record.direct().type)}});
    return;
  case call_kind::session:
    log::info("session_opened", {{"call", record.id.str()},
                                 {"caller", record.caller.str()},
                                 {"people", record.people.size()},
                                 {"type", to_string(record.session().facts->type)}});
    return;
  case call_kind::video:
    log::info("video_call_created", {{"call", record.id.str()},
                                     {"call_id", record.video().facts->call_id},
                                     {"caller", record.caller.str()},
                                     {"people", record.people.size()},
                                     {"type", to_string(record.video().facts->type)}});
    return;
  case call_kind::stream: return; // no kind of call
  }
}

void log_active(const call_record& record) {
  switch (record.kind()) {
  case call_kind::direct:
    log::info("call_accepted", {{"call", record.id.str()},
                                {"caller", record.caller.str()},
                                {"receiver", record.direct().receiver.str()}});
    return;
  case call_kind::session:
    log::info("session_active", {{"call", record.id.str()}, {"caller", record.caller.str()}});
    return;
  case call_kind::video:
    log::info("video_call_active", {{"call", record.id.str()}, {"caller", record.caller.str()}});
    return;
  case call_kind::stream: return; // no kind of call
  }
}

void log_end(const call_record& record) {
  switch (record.kind()) {
  case call_kind::direct:
    log::info("call_ended", {{"call", record.id.str()},
                             {"caller", record.caller.str()},
                             {"receiver", record.direct().receiver.str()},
                             {"by", record.ended_by.str()},
                             {"status", to_string(record.status)},
                             {"reason", to_string(record.reason)},
                             {"duration", record.duration_s}});
    return;
  case call_kind::session:
    log::info("session_ended", {{"call", record.id.str()},
                                {"caller", record.caller.str()},
                                {"by", record.ended_by.str()},
                                {"reason", to_string(record.reason)},
                                {"duration", record.duration_s}});
    return;
  case call_kind::video:
    log::info("video_call_ended", {{"call", record.id.str()},
                                   {"caller", record.caller.str()},
                                   {"by", record.ended_by.str()},
                                   {"status", to_string(record.status)},
                                   {"reason", to_string(record.reason)},
                                   {"duration", record.duration_s}});
    return;
  case call_kind::stream: return; // no kind of call
  }
}

} // namespace carillon::actors
