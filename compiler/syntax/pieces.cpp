// Cuts are guesses: before a line that begins, without indentation, with the keyword of a declaration.
// Claim: if every piece is a list of declarations, then so is the whole, and it is the same list. Why:
//   - No word but blanks crosses the end of a line, so both have the same words (no cut is before a blank).
//   - Brackets match within each piece, so no pass over words looks across a cut. A path that ends in `=`
//     begins within its declaration. A keyword with nothing behind it is a mistake of its piece.
// A wrong guess makes a mistake in some piece, and then the text is parsed as a whole.
#include "syntax/pieces.h"

#include <iterator>

#include "base/parallel.h"
#include "syntax/lower.h"

namespace tunec::syntax {
namespace {

constexpr std::uint32_t piece_bytes = 64 << 10;

struct FilePiece {
  std::uint32_t begin = 0, end = 0;
  bool good = false;
  std::vector<ast::Declaration> declarations{};
  Reporter reporter{};
};

// The end of the piece that begins at `begin`.
std::uint32_t cut_after(std::string_view text, std::uint32_t begin) {
  const auto size = static_cast<std::uint32_t>(text.size());
  for (std::size_t at = begin + piece_bytes; at < size;) {
    at = text.find('\n', at);
    if (at == std::string_view::npos || ++at == size) break;
    const auto line = static_cast<std::uint32_t>(at);
    if (begins_declaration(word_at(text, line, size).kind)) return line;
  }
  return size;
}

std::vector<FilePiece> cut(std::string_view text) {
  std::vector<FilePiece> pieces;
  for (std::uint32_t begin = 0; begin < text.size();) {
    const std::uint32_t end = cut_after(text, begin);
    pieces.push_back({begin, end});
    begin = end;
  }
  return pieces;
}

void parse_piece(const Session& whole, FilePiece& piece) {
  Session session{whole.file, whole.text, piece.reporter};
  Lexemes words = visible_words(session, piece.begin, piece.end);
  if (!depth_is_bounded(session, words)) return;
  const bool match = match_braces(session, words).empty();
  if (!match || piece.reporter.has_errors()) return;
  mark_settings(words);
  piece.good = words[lower_good(session, words, piece.declarations)].kind == Kind::END;
}

}  // namespace

std::optional<std::vector<ast::Declaration>> parse_in_pieces(Session& session) {
  if (session.text.size() < 2 * piece_bytes || processors() < 2) return std::nullopt;
  std::vector<FilePiece> pieces = cut(session.text);
  in_parallel(pieces.size(), [&](std::size_t i) { parse_piece(session, pieces[i]); });
  std::size_t count = 0;
  for (const FilePiece& piece : pieces) {
    if (!piece.good) return std::nullopt;
    count += piece.declarations.size();
  }
  std::vector<ast::Declaration> all;
  all.reserve(count);
  for (FilePiece& piece : pieces) {
    std::ranges::move(piece.declarations, std::back_inserter(all));
    session.reporter.take(piece.reporter);
  }
  return all;
}

}  // namespace tunec::syntax
