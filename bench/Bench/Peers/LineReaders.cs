namespace Actors.Bench.Peers;

/// <summary>The ways of .NET to read lines.</summary>
internal static class LineReaders
{
    /// <summary>File.ReadLines.</summary>
    public static LineCount ReadLines(string path)
    {
        var count = default(LineCount);
        foreach (var line in File.ReadLines(path))
        {
            count += new LineCount(1, line.Length + 1);
        }

        return count;
    }

    /// <summary>StreamReader.ReadLineAsync.</summary>
    public static async Task<LineCount> StreamReaderAsync(string path)
    {
        using var reader = new StreamReader(path);
        var count = default(LineCount);
        while (await reader.ReadLineAsync() is { } line)
        {
            count += new LineCount(1, line.Length + 1);
        }

        return count;
    }
}
