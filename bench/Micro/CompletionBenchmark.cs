using Actors.Engine.Drivers;
using BenchmarkDotNet.Attributes;

namespace Actors.Bench.Micro;

/// <summary>The decision on a completion.</summary>
[MemoryDiagnoser]
public class CompletionBenchmark
{
    private readonly IoOperation _operation = new() { Kind = IoKind.Write, Length = 4096 };

    [Benchmark]
    public int All_of_it() => Weigh(4096);

    [Benchmark]
    public int A_part_of_it() => Weigh(1024);

    [Benchmark]
    public int Try_again() => Weigh(-Errno.EAGAIN);

    [Benchmark]
    public int Failed() => Weigh(-Errno.EIO);

    private int Weigh(long result)
    {
        _operation.Done = 0;
        _operation.Retries = 0;
        _operation.Result = result;
        return (int)CompletionDecision.Weigh(_operation);
    }
}
