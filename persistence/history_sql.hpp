#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace carillon::persistence {

/// What the two stores spell differently in the SQL of histories.
struct history_spelling {
  std::string (*parameter)(int number, std::string_view type); ///< `$1::text`, `?1`
  std::string_view before_all;                                 ///< a time before every entry's
  std::string_view after_all;                                  ///< a time after every entry's
  std::string_view later_of;   ///< the function that gives the greater of two values
  bool names_indexes = false;  ///< `INDEXED BY`
  bool limits_streams = false; ///< each stream of a page needs a limit for the planner's sake
};

/// A run of entries that one index holds in order of `created_at` and `id`.
struct history_stream {
  std::string index; ///< its name
  std::string where; ///< which rows of the table; `{user}` stands for the user
  std::string group; ///< SQL for the class of an entry (see `history_blocks`), 0 to 3
};

/// Which entries of a user's history somebody asks for.
struct history_view {
  std::vector<history_stream> streams; ///< together they hold each entry once
  std::string counted;                 ///< how many of a block's: `n0 + n2`
};

/// The SQL of histories that are counted in blocks, for one kind of call: see the comments of the
/// tables `history_blocks` and `call_marks`. A pure value; pages are made of pairs (`created_at`,
/// `id`), newest first.
///
/// Parameter 1 is the user everywhere.
class history_sql {
public:
  /// `kind` is the kind's word in the tables, `table` has a row for each entry or call. `all` is
  /// the view of everything, by which entries are counted.
  history_sql(const history_spelling& how, std::string kind, std::string table, history_view all)
    : how_(how)
    , kind_(std::move(kind))
    , table_(std::move(table))
    , all_(std::move(all)) {}

  /// A page that begins after `skip` entries: a query in brackets, of at most `limit` rows.
  [[nodiscard]] std::string page(const history_view& view, const std::string& limit,
                                 const std::string& skip) const;

  /// The same, when `skip` entries come after those that are newer than (`last_at`, `last_id`).
  [[nodiscard]] std::string page_from(const history_view& view, const std::string& last_at,
                                      const std::string& last_id, const std::string& limit,
                                      const std::string& skip) const;

  /// Where to begin for a page after `skip` entries: at most one row `last_at`, `last_id`, `newer`,
  /// of which the last says how many entries come before. No row: the history is not so long.
  [[nodiscard]] std::string place(const history_view& view, const std::string& skip) const;

  /// How many entries there are, for kinds of calls whose pages tell that.
  [[nodiscard]] std::string total(const history_view& view) const;

  /// How many entries no block covers; counts to the value of parameter 2.
  [[nodiscard]] std::string fresh() const;

  /// Makes blocks of parameter 2 entries out of the oldest fresh ones, of which it looks at
  /// parameter 3, and leaves the newest parameter 4.
  [[nodiscard]] std::string make_blocks() const;

  /// Moves the mark to the end of the user's last block.
  [[nodiscard]] std::string move_mark() const;

  /// Deletes blocks that count nothing any more. Without parameters.
  [[nodiscard]] std::string drop_empty() const;

private:
  std::string stream(std::string_view what, const history_stream& from,
                     const std::string& bound) const;
  std::string merged(const history_view& view, const std::string& bound, const std::string& limit,
                     const std::string& skip) const;
  std::string fresh_of(const history_view& view) const;
  std::string newest() const;
  std::string with_newest() const;
  std::string after_blocks() const;

  history_spelling how_;
  std::string kind_;
  std::string table_;
  history_view all_;
};

} // namespace carillon::persistence
