using System.Globalization;

namespace Actors.Reliability.Crash;

/// <summary>What a writing process has told to be durable, file by file.</summary>
internal sealed class Acknowledgements
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<long>[] _numbers;
    private readonly long[] _count;

    /// <param name="files">How many files are written.</param>
    public Acknowledgements(int files)
    {
        _numbers = [.. Enumerable.Range(0, files).Select(_ => new HashSet<long>())];
        _count = new long[files];
    }

    /// <summary>Completes with the first of them, or when there will be none.</summary>
    public Task First => _first.Task;

    /// <summary>How many there were.</summary>
    public long Total { get; private set; }

    /// <summary>Reads until the writer is gone; what is in the pipe then was said before.</summary>
    public async Task ReadAsync(TextReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            var space = line.IndexOf(' ');
            var file = int.Parse(line.AsSpan(0, space), CultureInfo.InvariantCulture);
            var number = long.Parse(line.AsSpan(space + 1), CultureInfo.InvariantCulture);
            _numbers[file].Add(number);
            Volatile.Write(ref _count[file], Math.Max(_count[file], number + 1));
            Total++;
            _first.TrySetResult();
        }

        _first.TrySetResult();
    }

    /// <summary>One more than the highest number that was acknowledged, from any thread: lines, if they are in
    /// order.</summary>
    public long CountOf(int file) => Volatile.Read(ref _count[file]);

    /// <summary>The numbers that were acknowledged, once everything has been read.</summary>
    public IReadOnlySet<long> NumbersOf(int file) => _numbers[file];
}
