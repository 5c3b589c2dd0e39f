namespace Actors.Host.Commands;

/// <summary>How the process ends.</summary>
internal static class ExitCodes
{
    /// <summary>Done, and verified.</summary>
    public const int Done = 0;

    /// <summary>
    /// The run failed: I/O errors, files that are not what they must be, results that could not be written.
    /// </summary>
    public const int Failed = 1;

    /// <summary>The command line, the scenario or the configuration is wrong; nothing was run.</summary>
    public const int Usage = 2;

    /// <summary>Stopped by SIGHUP, e.g. of a terminal that was closed, after a drain.</summary>
    public const int HungUp = 129;

    /// <summary>Stopped by Ctrl-C after a drain.</summary>
    public const int Interrupted = 130;

    /// <summary>Stopped by SIGTERM after a drain.</summary>
    public const int Terminated = 143;
}
