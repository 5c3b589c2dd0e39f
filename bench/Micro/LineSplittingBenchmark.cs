using System.Text;
using Actors.Engine;
using Actors.Engine.Memory;
using BenchmarkDotNet.Attributes;

namespace Actors.Bench.Micro;

/// <summary>A batch of lines as a reader gets it, 64 KiB: every line looked at, or only counted.</summary>
[MemoryDiagnoser]
public class LineSplittingBenchmark
{
    private const int Bytes = 64 * 1024;
    private const int Lines = 2048;

    private readonly SlabPool _pool = new(1 << 20);
    private LineBatch _batch = null!;

    [GlobalSetup]
    public void Fill()
    {
        var slab = _pool.TryRent(Bytes)!;
        var text = string.Concat(Enumerable.Range(0, Lines).Select(i => $"This is line {i:0000} of the file\n"));
        _batch = new LineBatch(slab, 0, Encoding.ASCII.GetBytes(text, slab.GetSpan()), 0);
    }

    [GlobalCleanup]
    public void GiveBack()
    {
        _batch.Dispose();
        _pool.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Lines)]
    public long Each_line()
    {
        var bytes = 0L;
        foreach (var line in _batch)
        {
            bytes += line.Length;
        }

        return bytes;
    }

    [Benchmark(OperationsPerInvoke = Lines)]
    public int Counted() => _batch.CountLines();
}
