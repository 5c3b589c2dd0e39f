using BenchmarkDotNet.Running;

namespace Actors.Bench.Micro;

/// <summary>Entry point; takes BenchmarkDotNet's arguments, such as <c>--filter * --job short</c>.</summary>
internal static class Program
{
    // In this process: under its runtime configuration, and without a build for every benchmark.
    private static void Main(string[] args) =>
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run([.. args, "--inProcess"]);
}
