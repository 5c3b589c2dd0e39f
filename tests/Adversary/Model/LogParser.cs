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

            if (from == 0 && !line.HasNoOrder)
            {
                if (_lastOf.GetValueOrDefault(line.Client, -1) > line.Sequence)
                {
                    return $"{line} at {at} comes after {_lastOf[line.Client]:x6} of the same writer";
                }

                _lastOf[line.Client] = line.Sequence;
            }

            var count = content.AsSpan(at).CommonPrefixLength(line.Bytes.AsSpan(from));
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
            // A head that is cut short.
            foreach (var line in lines.Values)
            {
                if (!line.IsWhole && (line.State != LineState.Settled || line.Done > 0) && !found.ContainsKey(line)
                    && IsCutHere(rest, line))
                {
                    return (line, 0);
                }
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
            && (line.State != LineState.Settled || line.Done == count);
    }
}
