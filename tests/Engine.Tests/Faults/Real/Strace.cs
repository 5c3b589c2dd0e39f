namespace Actors.Engine.Tests.Faults.Real;

/// <summary>The tracer, which can make system calls fail.</summary>
internal static class Strace
{
    /// <summary>The command in front of one whose calls shall fail; skips the test where there is no strace.</summary>
    /// <param name="faults">As in strace(1): call:what:when.</param>
    public static string[] Inject(params string[] faults)
    {
        Tool.SkipUnlessThere("strace");
        var calls = string.Join(',', faults.Select(fault => fault.Split(':')[0]).Distinct());
        return
        [
            "strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", $"trace={calls}",
            .. faults.SelectMany(fault => new[] { "-e", $"inject={fault}" }),
        ];
    }
}
