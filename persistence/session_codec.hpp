#pragma once

#include "persistence/op_bytes.hpp"
#include "protocol/quality.hpp"
#include "protocol/records.hpp"

#include <optional>

/// Sessions and quality samples as the spool keeps them, behind the byte that says what follows.
namespace carillon::persistence {

/// `call` is a session with facts.
void put_session(byte_writer& out, const call_record& call);
void put_sample(byte_writer& out, const quality_sample& sample);

/// What `put_session` wrote; nothing, and logged, for a word that this version does not know.
[[nodiscard]] std::optional<call_record> get_session(byte_reader& in);
[[nodiscard]] quality_sample get_sample(byte_reader& in);

} // namespace carillon::persistence
