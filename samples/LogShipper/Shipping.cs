using System.Text;
using Actors.Engine;

namespace Actors.Samples.LogShipper;

/// <summary>
/// Ships in rounds. A round takes a batch of lines from each file that has grown, several files at a time, and syncs
/// their outputs; only then are the new positions written down, all of them at once. So a process that is killed at any
/// moment has every line in the source that is not in an output, and when it is started again repeats at most the
/// batches of the round that it was killed in.
/// </summary>
/// <remarks>
/// Only <see cref="ShippingOptions.Parallel"/> files are open at a time, with a few buffers each: memory does not
/// depend on how large the files are, and on how many there are by some hundred bytes each.
/// <para>A source that has become shorter, or is another file of the same name, is shipped from its start. What was
/// appended to the old one since the last round is then lost: have whatever rotates the sources leave it a
/// moment.</para>
/// </remarks>
internal sealed class Shipping(FileEngine engine, ShippingOptions options, CancellationToken stopping)
{
    /// <summary>Lines as they are in the file, to the byte.</summary>
    private static readonly FileReaderOptions WholeLines = new()
    {
        KeepLineEnds = true,
        DetectEncoding = false,
        Encoding = new UTF8Encoding(false),
    };

    private readonly Checkpoint _checkpoint = new(engine, Path.Join(options.Target, ".log-shipper.json"));
    private readonly Dictionary<string, SourceFile> _files = [];
    private readonly Lock _gate = new();
    private long _round;
    private long _lines;
    private long _bytes;
    private bool _more;
    private bool _failed;

    public static async Task<int> RunAsync(ShippingOptions options, CancellationToken stopping)
    {
        await using var engine = FileEngine.Start();
        await engine.CreateDirectoryAsync(options.Target);
        await using var lockFile = await LockAsync(engine, Path.Join(options.Target, ".log-shipper.lock"));
        return await new Shipping(engine, options, stopping).RunAsync();
    }

    /// <summary>Two that ship to the same place would undo each other's positions.</summary>
    private static async Task<EngineFile> LockAsync(FileEngine engine, string path)
    {
        try
        {
            return await engine.OpenAsync(path, OpenMode.ReadWrite, new OpenOptions { AdvisoryLock = true });
        }
        catch (FileEngineException e) when (e.Reason == FailureReason.Locked)
        {
            throw new InvalidDataException($"Another log shipper is at work here: it holds {path}.", e);
        }
    }

    private async Task<int> RunAsync()
    {
        await _checkpoint.LoadAsync(options.Source, _files);
        while (!stopping.IsCancellationRequested)
        {
            await ShipRoundAsync();
            if (_more)
            {
                continue;
            }

            if (options.Once)
            {
                break;
            }

            await Task.Delay(options.Poll, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return options.Once && _failed ? 1 : 0;
    }

    private async Task ShipRoundAsync()
    {
        var (lines, bytes) = (_lines, _bytes);
        _more = _failed = false;
        _round++;
        var forgotten = await FindFilesAsync();
        await Parallel.ForEachAsync(
            _files.Values,
            new ParallelOptions { MaxDegreeOfParallelism = options.Parallel },
            async (file, _) => await ShipAsync(file));
        if (_lines > lines || forgotten)
        {
            await _checkpoint.SaveAsync(_files.Values);
            Console.WriteLine($"{_lines - lines:N0} lines, {_bytes - bytes:N0} bytes shipped and durable");
        }
    }

    // ------------------------------------------------------------------ finding

    /// <summary>Adds the files that are new and forgets those that are gone.</summary>
    /// <returns>True when any was forgotten.</returns>
    private async Task<bool> FindFilesAsync()
    {
        if (!await FindBelowAsync(options.Source))
        {
            return false;       // what could not be looked at may still be there
        }

        var gone = _files.Values.Where(file => file.Round < _round).ToList();
        gone.ForEach(file => _files.Remove(file.Name));
        return gone.Count > 0;
    }

    private async Task<bool> FindBelowAsync(string directory)
    {
        var complete = true;
        try
        {
            await foreach (var entry in engine.ListAsync(directory))
            {
                if (entry.Kind == FileKind.Directory)
                {
                    complete &= await FindBelowAsync(entry.Path);
                }
                else if (entry.Kind == FileKind.File && entry.Name.EndsWith(".log", StringComparison.Ordinal))
                {
                    Find(entry.Path);
                }
            }

            return complete;
        }
        catch (FileEngineException e)
        {
            _failed = true;
            Console.Error.WriteLine(e.Message);
            return false;
        }
    }

    private void Find(string path)
    {
        var name = Path.GetRelativePath(options.Source, path);
        if (!_files.TryGetValue(name, out var file))
        {
            _files[name] = file = new SourceFile(path, name);
        }

        file.Round = _round;
    }

    // ------------------------------------------------------------------ shipping

    /// <summary>Ships a batch of a file, if it has grown. A file that cannot be read is left where it is and tried
    /// again in the next round; an output that cannot be written ends everything.</summary>
    private async Task ShipAsync(SourceFile file)
    {
        try
        {
            var status = await engine.StatAsync(file.Path);
            StartAgainIfReplaced(file, status);
            if (status.Length != file.LengthSeen && !stopping.IsCancellationRequested)
            {
                await ShipBatchAsync(file, status.Length);
            }
        }
        catch (FileEngineException e) when (e.Path == file.Path && e.Reason == FailureReason.NotFound)
        {
            // Gone since it was found; the next round forgets it.
        }
        catch (FileEngineException e) when (e.Path == file.Path)
        {
            Complain(file, e.Message);
        }
    }

    private static void StartAgainIfReplaced(SourceFile file, FileStatus status)
    {
        if (status.Length < file.Position || (file.Created is { } created && status.CreationTimeUtc != created))
        {
            file.Position = file.LengthSeen = 0;
        }

        file.Created = status.CreationTimeUtc;
    }

    private async Task ShipBatchAsync(SourceFile file, long length)
    {
        await using var reader = await engine.OpenReaderAsync(file.Path, WholeLines);
        reader.Position = file.Position;
        await using var lines = reader.ReadByteLinesAsync().GetAsyncEnumerator();
        if (!await NextWholeLineAsync(lines))
        {
            file.LengthSeen = length;
            return;
        }

        await using var output = await OutputFile.OpenAsync(
            engine, Path.Join(options.Target, file.Name), options.RotateBytes);
        var (position, count, more) = (file.Position, 0L, true);
        FileEngineException? failure = null;
        try
        {
            while (more && count < options.BatchLines && !stopping.IsCancellationRequested)
            {
                await output.WriteAsync(lines.Current);
                position = reader.Position;
                count++;
                more = await NextWholeLineAsync(lines);
            }
        }
        catch (FileEngineException e) when (e.Path == file.Path)
        {
            (failure, more) = (e, false);       // what was read before it is shipped all the same
        }

        await output.SyncAsync();
        Advance(file, position, count, more, length);
        if (failure is not null)
        {
            Complain(file, failure.Message);
        }
    }

    /// <summary>A last line without its end is still being written.</summary>
    private static async ValueTask<bool> NextWholeLineAsync(ByteLines.Enumerator lines) =>
        await lines.MoveNextAsync() && lines.Current.Span[^1] == '\n';

    /// <summary>From here on the lines are the output's; the positions are written down at the end of the
    /// round.</summary>
    private void Advance(SourceFile file, long position, long count, bool more, long length)
    {
        lock (_gate)
        {
            _lines += count;
            _bytes += position - file.Position;
            _more |= more;
        }

        file.Position = position;
        file.LengthSeen = more ? -1 : length;
    }

    private void Complain(SourceFile file, string complaint)
    {
        _failed = true;
        if (file.Complaint != complaint)
        {
            file.Complaint = complaint;
            Console.Error.WriteLine(complaint);
        }
    }
}
