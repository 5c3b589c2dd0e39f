namespace Actors.Adversary.Model;

/// <summary>
/// The lines of a file that is appended to, by any number of callers, processes and engines: which must be there, which
/// may be there, which must not. Thread-safe. The file may have been renamed on the way: what counts is the content of
/// all its names.
/// </summary>
internal sealed class LogModel(string path)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(int Client, int Sequence), Line> _lines = [];
    private readonly List<string> _paths = [path];

    /// <summary>The name under which it is opened.</summary>
    public string Path => path;

    /// <summary>Set when appends may be cut in two, with another process's line between the parts.</summary>
    public bool MayBeTorn { get; set; }

    /// <summary>Begins a line.</summary>
    public Line Begin(int client, int sequence, int length, long now)
    {
        var line = new Line(client, sequence, length, now);
        lock (_gate)
        {
            _lines.Add((client, sequence), line);
        }

        return line;
    }

    /// <summary>A neighbour has moved the file to another name.</summary>
    public void Moved(string newPath)
    {
        lock (_gate)
        {
            _paths.Add(newPath);
        }
    }

    /// <summary>A neighbour threw away content, or a name with all that is written through those who have it open.</summary>
    public void LoseBegunBefore(long step)
    {
        lock (_gate)
        {
            foreach (var line in _lines.Values.Where(line => line.Begun <= step))
            {
                line.MayBeLost = true;
            }
        }
    }

    /// <summary>Compares with the disk; nobody may write meanwhile.</summary>
    /// <returns>The first thing that is wrong, or null.</returns>
    public string? Compare()
    {
        lock (_gate)
        {
            var found = new Dictionary<Line, int>();
            foreach (var name in _paths.Where(File.Exists))
            {
                if (new LogParser(File.ReadAllBytes(name), _lines, found, MayBeTorn).Parse() is { } fault)
                {
                    return $"{name}: {fault}";
                }
            }

            return _lines.Values.Select(line => Judge(line, found.GetValueOrDefault(line)))
                .FirstOrDefault(fault => fault is not null) is { } wrong ? $"{path}: {wrong}" : null;
        }
    }

    private static string? Judge(Line line, int found) => line switch
    {
        { MayBeLost: true } when found <= line.Done => null,
        { State: LineState.Settled } when found == line.Done => null,
        { State: not LineState.Settled } when found >= line.Done => null,
        _ => $"{line}: {found} bytes are in the file",
    };
}
