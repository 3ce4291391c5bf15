"""The person's page in Spanish, as it is spoken in the United States; he is addressed as usted."""

from collections.abc import Mapping

from supervision.checkins.questions import Fault
from supervision.checkins.rules import Change, Method, Purpose
from supervision.checkins.service import NoPosition
from supervision.checkins.stages import Stage

SPANISH: Mapping[str, str] = {
    "name": "Español",
    "title": "Control",
    "problem": "Problema",
    f"purpose_{Purpose.CHECKIN}": "Su control",
    f"purpose_{Purpose.COURT}": "Su cita en la corte",
    f"purpose_{Purpose.APPOINTMENT}": "Su cita",
    f"stage_{Stage.NOTHING}": "Ahora no tiene que hacer nada.",
    f"stage_{Stage.AHEAD}": "Todavía no. Empieza:",
    f"stage_{Stage.OPEN}": "Ya es la hora. Hágalo antes de:",
    f"stage_{Stage.GRACE}": "Está atrasado. Todavía cuenta si lo hace antes de:",
    f"stage_{Stage.DONE}": "Ya está hecho. No tiene que hacer nada más aquí.",
    f"stage_{Stage.MISSED}": "No se cumplió. El plazo terminó:",
    f"stage_{Stage.CANCELLED}": "No tiene que hacer esto. Aquí no se le pide nada más.",
    "from": "Desde",
    "until": "Hasta",
    "place": "Dónde",
    "how": "Qué hacer",
    f"how_{Method.VIDEO}": "Es una videollamada. Use el botón para unirse.",
    f"how_{Method.PHONE}": "Le van a llamar. Tenga su teléfono encendido y conteste.",
    f"how_{Method.PHONE_IN_SIGHT}": (
        "Póngase donde su oficial pueda verle. Le van a llamar: tenga su teléfono encendido y"
        " conteste."
    ),
    f"how_{Method.IN_PERSON}": "Venga en persona, a tiempo.",
    f"how_{Method.SELF}": "Conteste las preguntas, comparta su ubicación y envíe.",
    "join": "Unirse a la videollamada",
    "join_ahead": "El botón para unirse estará en esta página cuando empiece.",
    "join_opens": "Se abre otra página. Permítale usar su cámara y su micrófono.",
    "form_ahead": "Las preguntas estarán en esta página cuando empiece.",
    "late_form": "Todavía puede enviarlo. Quedará marcado como tarde y seguirá como no cumplido.",
    "missed_help": "Llame a su oficial.",
    "made_up": "Usted lo hizo después. Sigue como no cumplido, y su oficial sabe que lo hizo.",
    "yes": "Sí",
    "no": "No",
    "position": "Su ubicación",
    "position_use": (
        "Su ubicación se lee una sola vez y llega a su oficial con sus respuestas. Esta página no"
        " le sigue."
    ),
    "share": "Compartir mi ubicación",
    "looking": "Buscando su ubicación. Puede tardar medio minuto.",
    "found": "Se conoce su ubicación, con un margen de (metros):",
    f"told_{NoPosition.DENIED}": (
        "Su teléfono no deja que esta página use su ubicación. Permítalo en los ajustes del"
        " navegador e intente otra vez, o envíe sin ella. Su oficial verá que falta."
    ),
    f"told_{NoPosition.UNAVAILABLE}": (
        "Su teléfono no puede saber dónde está. Intente otra vez, o envíe sin ella. Su oficial verá"
        " que falta."
    ),
    f"told_{NoPosition.TIMEOUT}": (
        "Su teléfono tarda demasiado en saber dónde está. Acérquese a una ventana o salga e intente"
        " otra vez, o envíe sin ella. Su oficial verá que falta."
    ),
    f"told_{NoPosition.NO_SCRIPT}": (
        "Este navegador no puede compartir su ubicación aquí. Puede enviar sin ella. Su oficial"
        " verá que falta."
    ),
    "wants_call": "Por favor, llámenme",
    "send": "Enviar",
    "send_once": "Puede enviar esto una sola vez.",
    "sending": "Enviando. Espere hasta que cambie esta página.",
    "wrong": "Todavía no se envió. Revise esto:",
    f"fault_{Fault.UNANSWERED}": "Conteste esta pregunta.",
    f"fault_{Fault.TOO_LONG}": "Use 1,000 caracteres como máximo.",
    f"fault_{Fault.NOT_OFFERED}": "Elija sí o no.",
    "position_wrong": "No se pudo leer su ubicación. Compártala otra vez.",
    "received": "Recibido",
    "received_at": "Recibimos lo que envió:",
    "with_position": "Con su ubicación, con un margen de (metros):",
    f"without_{NoPosition.DENIED}": "Sin su ubicación: su teléfono no lo permitió.",
    f"without_{NoPosition.UNAVAILABLE}": "Sin su ubicación: su teléfono no pudo saberla.",
    f"without_{NoPosition.TIMEOUT}": "Sin su ubicación: tardó demasiado.",
    f"without_{NoPosition.NO_SCRIPT}": "Sin su ubicación: el navegador no pudo compartirla.",
    "your_answers": "Sus respuestas",
    "call_heading": "¿Necesita hablar?",
    "ask_call": "Pedir que me llamen",
    "call_asked": "Usted pidió que le llamen:",
    "so_far": "Lo que ha pasado",
    f"change_{Change.ATTEMPTED}": "Le llamamos y no contestó.",
    f"change_{Change.ATTENDED}": "Hablamos con usted o le vimos.",
    f"change_{Change.ATTENDED_LATE}": "Hablamos con usted o le vimos, tarde.",
    f"change_{Change.SUBMITTED}": "Usted envió sus respuestas.",
    f"change_{Change.SUBMITTED_LATE}": "Usted envió sus respuestas, tarde.",
    f"change_{Change.CALL_ASKED}": "Usted pidió que le llamen.",
    f"change_{Change.MISSED}": "El plazo terminó. Quedó marcado como no cumplido.",
    "cannot": "Si no puede hacerlo, llame a su oficial.",
    "no_link": "Este enlace no abre nada ahora.",
    "no_link_help": (
        "Use el enlace de su mensaje más reciente. Si necesita ayuda, llame a su oficial."
    ),
    "unreachable": "No se puede abrir esta página ahora.",
    "unreachable_help": "Intente otra vez en un minuto. Si es urgente, llame a su oficial.",
    "not_understood": "Eso no se pudo entender.",
    "not_understood_help": (
        "Abra otra vez el enlace de su mensaje. Si necesita ayuda, llame a su oficial."
    ),
}
