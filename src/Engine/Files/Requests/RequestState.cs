namespace Actors.Engine.Files;

/// <summary>Where a request is on its way.</summary>
internal enum RequestState
{
    /// <summary>Not with the client.</summary>
    Idle,

    /// <summary>Beyond the credits of the file: not sent yet.</summary>
    Waiting,

    /// <summary>Sent and not answered.</summary>
    Sent,
}
