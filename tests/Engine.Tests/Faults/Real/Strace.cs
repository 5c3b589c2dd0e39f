using Xunit;

namespace Actors.Engine.Tests.Faults.Real;

/// <summary>The tracer, which can make system calls fail.</summary>
internal static class Strace
{
    /// <summary>Forbidden in many containers, and under another tracer.</summary>
    private static readonly Lazy<Task<ToolResult>> Works = new(
        () => Tool.RunAsync(["strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", "trace=getpid", "true"]));

    /// <summary>The command in front of one whose calls shall fail; skips the test where strace is missing or may not
    /// trace.</summary>
    /// <param name="faults">As in strace(1): call:what:when.</param>
    public static async Task<string[]> InjectAsync(params string[] faults)
    {
        Tool.SkipUnlessThere("strace");
        var tried = await Works.Value;
        Skip.If(tried.ExitCode != 0, $"strace may not trace here: {tried.Output}");
        var calls = string.Join(',', faults.Select(fault => fault.Split(':')[0]).Distinct());
        return
        [
            "strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", $"trace={calls}",
            .. faults.SelectMany(fault => new[] { "-e", $"inject={fault}" }),
        ];
    }
}
