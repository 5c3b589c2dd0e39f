using Actors.Engine;
using Actors.Simulation.Checking;
using Actors.Simulation.Disk;

namespace Actors.Simulation.Face;

/// <summary>A program that has one file to itself and so knows, after each call, what must be in it.</summary>
internal sealed class FaceClient(World world, int index, Random random)
{
    private const int CellSize = 100;
    private readonly string _path = $"/simulated/face-{index}";
    private readonly List<byte> _content = [];
    private readonly List<short> _durable = [];

    private SimulatedFile? OnDisk => world.Disk.Find(_path);

    public async Task PlayAsync()
    {
        for (var round = 0; round < 6; round++)
        {
            try
            {
                await (random.Next(3) switch
                {
                    0 => WriteAsync(),
                    1 => UseFileAsync(),
                    _ => ReadAsync(),
                });
            }
            catch (FileEngineException e) when (e.Reason is FailureReason.TooManyOpenFiles
                or FailureReason.NotFound or FailureReason.IoError or FailureReason.NoSpace or FailureReason.SyncFailed)
            {
                // Of an open; what fails later is weighed where it does.
            }

            CheckContent("after a round");
        }
    }

    // ------------------------------------------------------------------ a writer

    private async Task WriteAsync()
    {
        var options = new FileWriterOptions
        {
            BufferSize = 4096 << random.Next(3),
            File = new OpenOptions { Durability = random.Next(4) == 0 ? Durability.DataSync : null },
        };
        var writer = await world.Engine.OpenWriterAsync(_path, OpenMode.Append, options);
        var start = _content.Count;
        var sent = new List<byte>();
        var failed = false;
        try
        {
            for (var n = random.Next(1, 12); n > 0; n--)
            {
                await WriteSomeAsync(writer, start, sent);
            }
        }
        catch (FileEngineException)
        {
            failed = true;
        }

        try
        {
            await writer.DisposeAsync();
        }
        catch (FileEngineException)
        {
            failed = true;
        }

        Expect(failed || writer.Written == sent.Count, $"{writer.Written} of {sent.Count} bytes are written");
        Expect(writer.Written <= writer.Accepted && writer.Accepted <= sent.Count, "more is written than was sent");
        _content.AddRange(sent[..(int)writer.Written]);
    }

    private async Task WriteSomeAsync(FileWriter writer, int start, List<byte> sent)
    {
        switch (random.Next(8))
        {
            case 0:
                await writer.FlushAsync();
                CheckContent("after a flush", [.. _content, .. sent]);
                break;
            case 1:
                await writer.SyncAsync();
                CheckContent("after a sync", [.. _content, .. sent]);
                MakeDurable([.. _content, .. sent]);
                break;
            case < 5:
                var data = Bytes(random.Next(1, 200));
                sent.AddRange(data);
                await writer.WriteAsync(data);
                break;
            default:
                var large = Bytes(random.Next(1, 20_000));
                sent.AddRange(large);
                await writer.WriteAsync(large);
                break;
        }
    }

    // ------------------------------------------------------------------ a file

    private async Task UseFileAsync()
    {
        await using var file = await world.Engine.OpenAsync(_path, OpenMode.ReadWrite);
        for (var n = random.Next(1, 6); n > 0; n--)
        {
            try
            {
                await (random.Next(4) switch
                {
                    0 => AppendAllAsync(file),
                    1 => WriteCellsAsync(file),
                    2 => SyncAsync(file),
                    _ => ReadBackAsync(file),
                });
            }
            catch (FileEngineException e) when (e.Reason == FailureReason.SyncFailed)
            {
                return;
            }
        }
    }

    /// <summary>Several at once; they land in the order of the calls.</summary>
    private async Task AppendAllAsync(EngineFile file)
    {
        byte[][] all = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => Bytes(random.Next(1, 9000)))];
        var calls = all.Select(data => CountAsync(file, data, null)).ToArray();
        for (var i = 0; i < calls.Length; i++)
        {
            _content.AddRange(all[i].AsSpan(0, (int)await calls[i]));
        }

        CheckContent("after appends");
    }

    private async Task WriteCellsAsync(EngineFile file)
    {
        var cells = Enumerable.Range(0, _content.Count / CellSize).Where(_ => random.Next(4) == 0).ToArray();
        byte[][] all = [.. cells.Select(_ => Bytes(CellSize))];
        foreach (var cell in cells)
        {
            for (var i = 0; i < CellSize && (cell * CellSize) + i < _durable.Count; i++)
            {
                _durable[(cell * CellSize) + i] = -1;
            }
        }

        var calls = cells.Select((cell, i) => CountAsync(file, all[i], cell * CellSize)).ToArray();
        for (var i = 0; i < calls.Length; i++)
        {
            var done = (int)await calls[i];
            for (var n = 0; n < done; n++)
            {
                _content[(cells[i] * CellSize) + n] = all[i][n];
            }
        }

        CheckContent("after writes");
    }

    /// <summary>A write or an append, now and then taken back at once; how many of its bytes are in the file.</summary>
    private async Task<long> CountAsync(EngineFile file, byte[] data, long? offset)
    {
        using var cancellation = new CancellationTokenSource();
        try
        {
            var call = offset is { } at
                ? file.WriteAsync(at, data, cancellation.Token)
                : file.AppendAsync(data, cancellation.Token);
            if (data[0] < 20)
            {
                await cancellation.CancelAsync();
            }

            await call;
            return data.Length;
        }
        catch (FileEngineException e) when (e.Reason is FailureReason.IoError or FailureReason.NoSpace
            or FailureReason.Cancelled)
        {
            return e.BytesDone;
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }

    private async Task SyncAsync(EngineFile file)
    {
        await file.SyncAsync();
        MakeDurable([.. _content]);
    }

    private async Task ReadBackAsync(EngineFile file)
    {
        var offset = random.Next(_content.Count + 1);
        var target = new byte[random.Next(1, 5000)];
        try
        {
            var count = await file.ReadAsync(offset, target);
            Expect(count == Math.Min(target.Length, _content.Count - offset), $"{count} bytes came from {offset}");
            Expect(
                target.AsSpan(0, count).SequenceEqual(_content.Skip(offset).Take(count).ToArray()),
                $"what was read at {offset} is not what is there");
        }
        catch (FileEngineException e) when (e.Reason == FailureReason.IoError)
        {
        }
    }

    // ------------------------------------------------------------------ a reader

    private async Task ReadAsync()
    {
        await using var reader = await world.Engine.OpenReaderAsync(_path);
        var all = new List<byte>();
        for (var failures = 0; failures < 20;)
        {
            try
            {
                var target = new byte[random.Next(1, 10_000)];
                var count = await reader.ReadAsync(target);
                all.AddRange(target.AsSpan(0, count));
                if (count == 0)
                {
                    Expect(all.SequenceEqual(_content), $"{all.Count} bytes were read, not the {_content.Count} there");
                    return;
                }
            }
            catch (FileEngineException e) when (e.Reason == FailureReason.IoError)
            {
                // The position stays; the next call tries again.
                failures++;
            }
        }
    }

    // ------------------------------------------------------------------ checks

    private void CheckContent(string when) => CheckContent(when, _content);

    private void CheckContent(string when, List<byte> expected)
    {
        var actual = OnDisk is { } file ? file.Cached : default;
        var same = actual.CommonPrefixLength(expected.ToArray());
        Expect(
            same == actual.Length && same == expected.Count,
            $"{when} the file has {actual.Length} bytes, of {expected.Count} expected, and byte {same} is wrong");
    }

    private void MakeDurable(List<byte> content)
    {
        if (OnDisk!.FailedSyncs > 0)
        {
            // What an earlier file's failed sync has lost is not written again here.
            return;
        }

        _durable.Clear();
        _durable.AddRange(content.Select(b => (short)b));
        var left = OnDisk.AfterCrash(random);
        for (var i = 0; i < _durable.Count; i++)
        {
            Expect(
                _durable[i] < 0 || (i < left.Length && left[i] == _durable[i]),
                $"byte {i} was durable, and a crash left {left.Length} bytes without it");
        }
    }

    private void Expect(bool condition, string otherwise)
    {
        if (!condition)
        {
            world.Fail($"{_path}: {otherwise}");
        }
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
