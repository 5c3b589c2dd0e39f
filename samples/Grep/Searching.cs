using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Actors.Engine;

namespace Actors.Samples.Grep;

/// <summary>
/// Searches a bounded number of files at once and prints what was found in the order of the files. A file takes a place
/// before it is opened, and keeps it until it is printed: neither open files nor results pile up.
/// </summary>
internal sealed class Searching(FileEngine engine, string pattern, int parallel)
{
    private readonly byte[] _pattern = Encoding.UTF8.GetBytes(pattern);
    private readonly SemaphoreSlim _places = new(parallel);

    public static async Task<int> RunAsync(
        string pattern, IReadOnlyList<string> paths, int parallel, bool quiet, CancellationToken interrupted)
    {
        await using var engine = FileEngine.Start();
        var searching = new Searching(engine, pattern, parallel);
        try
        {
            return await searching.CountAllAsync(paths, quiet, interrupted);
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }

    private async Task<int> CountAllAsync(
        IReadOnlyList<string> paths, bool quiet, CancellationToken interrupted)
    {
        long files = 0, matches = 0, lines = 0, bytes = 0, errors = 0;
        await foreach (var count in CountsInOrderAsync(paths, interrupted))
        {
            matches += count.Matches;
            lines += count.Lines;
            bytes += count.Bytes;
            if (count.Error is not null)
            {
                errors++;
                Console.Error.WriteLine(count.Error);
                continue;
            }

            files++;
            if (!quiet)
            {
                Console.WriteLine($"{count.Path}:{count.Matches}");
            }
        }

        Console.WriteLine($"{matches:N0} of {lines:N0} lines, {bytes:N0} bytes, {files:N0} files, {errors:N0} errors");
        return errors > 0 ? 2 : matches > 0 ? 0 : 1;
    }

    private async IAsyncEnumerable<FileCount> CountsInOrderAsync(
        IReadOnlyList<string> paths, [EnumeratorCancellation] CancellationToken interrupted)
    {
        var underWay = Channel.CreateUnbounded<Task<FileCount>>();      // bounded by the places
        var starting = StartAllAsync(paths, underWay.Writer, interrupted);
        await foreach (var count in underWay.Reader.ReadAllAsync(interrupted))
        {
            yield return await count;
            _places.Release();
        }

        await starting;
    }

    private async Task StartAllAsync(
        IReadOnlyList<string> paths, ChannelWriter<Task<FileCount>> underWay, CancellationToken interrupted)
    {
        try
        {
            foreach (var path in paths)
            {
                await StartAsync(path, underWay, interrupted);
            }

            underWay.Complete();
        }
        catch (Exception e)
        {
            underWay.Complete(e);
        }
    }

    /// <summary>A file, or all files below a directory. Symbolic links are followed when they were named.</summary>
    private async Task StartAsync(
        string path, ChannelWriter<Task<FileCount>> underWay, CancellationToken interrupted)
    {
        try
        {
            if (!(await engine.StatAsync(path, cancellationToken: interrupted)).IsDirectory)
            {
                await _places.WaitAsync(interrupted);
                underWay.TryWrite(CountAsync(path, interrupted));
                return;
            }

            await foreach (var entry in engine.ListAsync(path, interrupted))
            {
                if (entry.Kind is FileKind.File or FileKind.Directory)
                {
                    await StartAsync(entry.Path, underWay, interrupted);
                }
            }
        }
        catch (FileEngineException e)
        {
            await _places.WaitAsync(interrupted);
            underWay.TryWrite(Task.FromResult(new FileCount(path, 0, 0, 0, e.Message)));
        }
    }

    private async Task<FileCount> CountAsync(string path, CancellationToken interrupted)
    {
        long matches = 0, lines = 0, bytes = 0;
        try
        {
            await using var reader = await engine.OpenReaderAsync(path, cancellationToken: interrupted);
            do
            {
                // Lines as they lie in the file, each a span: no string, nothing allocated.
                while (reader.TryReadLine(out var line))
                {
                    lines++;
                    matches += line.IndexOf(_pattern) >= 0 ? 1 : 0;
                }

                bytes = reader.Position;
            }
            while (await reader.FillAsync(interrupted));

            return reader.CurrentEncoding.CodePage == Encoding.UTF8.CodePage
                ? new FileCount(path, matches, lines, bytes)
                : new FileCount(path, 0, lines, bytes, $"{path} is {reader.CurrentEncoding.WebName}, not UTF-8");
        }
        catch (FileEngineException e)
        {
            return new FileCount(path, matches, lines, bytes, e.Message);
        }
    }
}
