namespace Actors.Adversary.Model;

/// <summary>Takes a log apart into the lines that it is made of.</summary>
/// <param name="content">Of one file.</param>
/// <param name="lines">All that were begun.</param>
/// <param name="found">Bytes found of each; added to.</param>
/// <param name="mayBeTorn">Whether the rest of a line may come later in the file.</param>
internal sealed class LogParser(
    byte[] content,
    IReadOnlyDictionary<(int Client, int Sequence), Line> lines,
    Dictionary<Line, int> found,
    bool mayBeTorn)
{
    private readonly Dictionary<int, int> _lastOf = [];
    private readonly List<Line> _torn = [];

    /// <returns>The first byte that is not at home, or null.</returns>
    public string? Parse()
    {
        for (var at = 0; at < content.Length;)
        {
            var (line, from) = LineAt(at);
            if (line is null)
            {
                return $"byte {at} of {content.Length} is nobody's: {Stamp.Show(content.AsSpan(at))}";
            }

            if (from == 0 && found.ContainsKey(line))
            {
                return $"{line} is there twice, again at {at}";
            }

            var count = content.AsSpan(at).CommonPrefixLength(line.Bytes.AsSpan(from));

            // A head that is cut short may be that of another line of as many bytes.
            if (from == 0 && count >= Stamp.HeadLength && !line.HasNoOrder)
            {
                if (_lastOf.GetValueOrDefault(line.Client, -1) > line.Sequence)
                {
                    return $"{line} at {at} comes after {_lastOf[line.Client]:x6} of the same writer";
                }

                _lastOf[line.Client] = line.Sequence;
            }

            found[line] = from + count;
            _torn.Remove(line);
            if (from + count < line.Length)
            {
                _torn.Add(line);
            }

            at += count;
        }

        return null;
    }

    private (Line? Line, int From) LineAt(int at)
    {
        var rest = content.AsSpan(at);
        if (Stamp.TryReadHead(rest, out var client, out var sequence, out _)
            && lines.TryGetValue((client, sequence), out var known)
            && rest.CommonPrefixLength(known.Bytes) >= Stamp.HeadLength)
        {
            return (known, 0);
        }

        if (rest[0] == (byte)'#')
        {
            // A head that is cut short: of a line that is known to end here rather than of one that may.
            Line? possible = null;
            foreach (var line in lines.Values)
            {
                if ((mayBeTorn || !line.IsWhole) && (line.State != LineState.Settled || line.Done > 0)
                    && !found.ContainsKey(line) && IsCutHere(rest, line))
                {
                    if (line.State == LineState.Settled && !line.IsWhole)
                    {
                        return (line, 0);
                    }

                    possible ??= line;
                }
            }

            if (possible is not null)
            {
                return (possible, 0);
            }
        }

        if (mayBeTorn && LostBeginning(rest) is { Line: not null } rump)
        {
            return rump;
        }

        foreach (var line in _torn)
        {
            if (mayBeTorn && rest[0] == line.Bytes[found[line]])
            {
                return (line, found[line]);
            }
        }

        return (null, 0);
    }

    /// <summary>The rest of a line that was cut in two, and whose beginning a neighbour threw away.</summary>
    private (Line? Line, int From) LostBeginning(ReadOnlySpan<byte> rest)
    {
        foreach (var line in lines.Values)
        {
            var from = line is { MayBeLost: true } && !found.ContainsKey(line)
                ? line.Bytes.AsSpan().IndexOf(rest[..Math.Min(rest.Length, Stamp.LengthMin)])
                : -1;
            if (from > 0)
            {
                return (line, from);
            }
        }

        return (null, 0);
    }

    private static bool IsCutHere(ReadOnlySpan<byte> rest, Line line)
    {
        var count = rest.CommonPrefixLength(line.Bytes);
        return count > 0 && count < Stamp.HeadLength
            && (count == rest.Length || rest[count] == (byte)'#')
            && (line.State != LineState.Settled || line.Done == count || HasRest(rest[count..], line, count));
    }

    /// <summary>Whether the head of a line that was cut in two goes on further behind.</summary>
    private static bool HasRest(ReadOnlySpan<byte> rest, Line line, int from)
    {
        var tail = line.Bytes.AsSpan(from..Math.Max(from, Math.Min(line.Done, Stamp.LengthMin)));
        var at = tail.IsEmpty ? -1 : rest.IndexOf(tail);
        return at >= 0 && !(at >= from && rest[(at - from)..at].SequenceEqual(line.Bytes.AsSpan(0, from)));
    }
}
