#pragma once

#include "actors/interfaces.hpp"
#include "persistence/durable_writer.hpp"

#include <memory>

namespace carillon::actors {

/// The writer: owns the durable writer, and a connection of its own for the clean-up, which runs
/// between two batches so that it never competes with them. Blocks; spawned with a thread of its
/// own.
writer_actor::behavior_type writer_behavior(writer_actor::pointer self,
                                            std::shared_ptr<persistence::durable_writer> writer,
                                            std::shared_ptr<store_factory> stores);

/// A reader: owns one connection, opened at the first job. Blocks; spawned with a thread of its
/// own.
reader_actor::behavior_type reader_behavior(reader_actor::pointer self,
                                            std::shared_ptr<store_factory> stores);

} // namespace carillon::actors
