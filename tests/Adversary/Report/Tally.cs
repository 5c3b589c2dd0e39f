using System.Collections.Concurrent;

namespace Actors.Adversary.Report;

/// <summary>Counts, by kind and name. Thread-safe.</summary>
internal sealed class Tally
{
    private readonly ConcurrentDictionary<(string Kind, string Name), long> _counts = new();

    public void Count(string kind, string name, long count = 1) =>
        _counts.AddOrUpdate((kind, name), count, (_, known) => known + count);

    public void Add(Tally other)
    {
        foreach (var ((kind, name), count) in other._counts)
        {
            Count(kind, name, count);
        }
    }

    public long Sum(string kind) => _counts.Where(entry => entry.Key.Kind == kind).Sum(entry => entry.Value);

    /// <summary>Those of a kind, by name.</summary>
    public IReadOnlyList<(string Name, long Count)> Of(string kind) =>
    [
        .. _counts.Where(entry => entry.Key.Kind == kind)
            .OrderBy(entry => entry.Key.Name, StringComparer.Ordinal)
            .Select(entry => (entry.Key.Name, entry.Value)),
    ];

    /// <summary>Lines that <see cref="TryAddLine"/> takes.</summary>
    public IEnumerable<string> ToLines() =>
        _counts.Select(entry => $"count\t{entry.Key.Kind}\t{entry.Key.Name}\t{entry.Value}");

    public bool TryAddLine(string line)
    {
        if (line.Split('\t') is not ["count", var kind, var name, var count] || !long.TryParse(count, out var number))
        {
            return false;
        }

        Count(kind, name, number);
        return true;
    }
}
