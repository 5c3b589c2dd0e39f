using Actors.Reliability.Crash.Content;
using Actors.Reliability.Crash.Writing;

namespace Actors.Reliability.Crash;

/// <summary>Reads the files that are replaced while another process replaces them: each time it must find one version
/// as a whole, and never an older one than before, nor than was acknowledged.</summary>
internal sealed class ReplacedReader(string directory, long seed, Acknowledgements acknowledged)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(1);

    /// <summary>Times that a file was read.</summary>
    public long Reads { get; private set; }

    /// <summary>What was not as promised.</summary>
    public List<string> Breaches { get; } = [];

    /// <summary>The files that are replaced.</summary>
    public static IEnumerable<int> Files =>
        Enumerable.Range(0, WritingStyle.All.Count).Where(f => WritingStyle.All[f].Kind == ContentKind.Version);

    /// <summary>Makes the version that is there at first.</summary>
    public void Prepare()
    {
        foreach (var file in Files)
        {
            File.WriteAllBytes(WritingStyle.PathIn(directory, file), NumberedVersion.Of(seed, file, 0));
        }
    }

    /// <summary>Reads on and on.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Interval);
        var last = new long[WritingStyle.All.Count];
        while (!cancellation.IsCancellationRequested)
        {
            foreach (var file in Files)
            {
                // The acknowledged version before the file is looked at: the pipe is behind it, never before.
                var least = Math.Max(last[file], acknowledged.CountOf(file) - 1);
                last[file] = Read(file, least);
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private long Read(int file, long least)
    {
        var path = WritingStyle.PathIn(directory, file);
        var version = NumberedVersion.Recognize(seed, file, File.ReadAllBytes(path));
        Reads++;
        if (version is null)
        {
            Breaches.Add($"{path}: a reader saw a mixture");
        }
        else if (version < least)
        {
            Breaches.Add($"{path}: a reader saw version {version} after {least}");
        }

        return Math.Max(version ?? 0, least);
    }
}
