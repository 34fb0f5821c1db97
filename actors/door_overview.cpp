#include "actors/door.hpp"

#include "actors/directory.hpp"
#include "actors/overview.hpp"

#include <utility>

namespace carillon::actors {

// Who is in the book is served while the store is away, too.
void door::answer(query::people what, const reply_to& reply) {
  if (auto known = known_people(what, *house_)) {
    reply(reply_value{*std::move(known)});
    return;
  }
  auto without_store = [this, what, reply](const failure&) {
    reply(reply_value{people_by_book(what, *house_)});
  };
  read_store({[this, what, reply, without_store](record_store& store) {
                if (auto found = load(what, store, *house_))
                  reply(std::move(found));
                else
                  without_store(found.error());
              },
              without_store});
}

void door::answer(query::calls what, const reply_to& reply) {
  if (!what.user)
    reply(reply_value{board_of(what, *house_)});
  else
    read_store(
        [this, what = std::move(what)](record_store& store) { return load(what, store, *house_); },
        reply);
}

// Of the actor; of what is in memory since it ended; of the store. A video call is asked for by its
// UUID or by the id that its clients know.
void door::answer(query::timeline_of what, const reply_to& reply) {
  for (const auto& id : {what.call, video_call_id(what.call.str())})
    if (house_->lines.send(id, tell_timeline{reply}))
      return;
  if (auto text = remembered(what, *house_)) {
    reply(reply_value{timeline_answer{std::move(text), false}});
    return;
  }
  read_store(
      [this, what = std::move(what)](record_store& store) { return load(what, store, *house_); },
      reply);
}

void door::answer(query::readiness what, const reply_to& reply) {
  read_store([this, what](record_store& store) { return load(what, store, *house_); }, reply);
}

} // namespace carillon::actors
